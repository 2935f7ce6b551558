import { Check, CircleHelp, Clock, TriangleAlert, X } from 'lucide-react';
import type { RecordState } from '#lib/dns/record-finding.ts';
import type { ChipTone } from '../../ui/chip.tsx';
import { Icon } from '../../ui/icon.tsx';

const looks = {
  right: { tone: 'ok', dot: 'ok', icon: Check },
  note: { tone: 'warn', dot: 'warn', icon: TriangleAlert },
  missing: { tone: 'bad', dot: 'bad', icon: X },
  wrong: { tone: 'bad', dot: 'bad', icon: X },
  unknown: { tone: 'info', dot: 'wait', icon: CircleHelp },
  checking: { tone: 'info', dot: 'wait', icon: Clock },
} as const;

export const toneOf = (state: RecordState | 'checking'): ChipTone => looks[state].tone;

/** The round sign before a record; the chip on the right says the same in a word. */
export function StateDot({ state }: { state: RecordState | 'checking' }) {
  const { dot, icon } = looks[state];
  return (
    <span className={`st ${dot}`} aria-hidden="true">
      <Icon of={icon} size={15} />
    </span>
  );
}
