'use client';

import { CirclePause, Mail, Send } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '../../ui/button.tsx';
import type { FieldError } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useStep } from '../../ui/use-action.ts';

export interface TargetView {
  address: string;
  display: string;
  what: 'mailbox' | 'outside' | 'deleted';
  /** since when, and the other side's words */
  paused: { date: string; reason: string } | null;
}

/** Where an address leads; what is paused says why, and can go on. */
export function TargetList({
  targets,
  resume,
}: {
  targets: readonly TargetView[];
  resume: (target: string) => Promise<FieldError | null>;
}) {
  const text = useTranslations('panel.addresses');
  const [busy, start] = useStep();
  const again = ({ address, display }: TargetView) =>
    start(async () => {
      const error = await resume(address);
      showToast({ text: error ? `${error.text} ${error.code ?? ''}` : text('resumed', { address: display }) });
    });
  return (
    <ul className="lines targets">
      {targets.map((target) => (
        <li key={target.address}>
          <Icon of={target.paused ? CirclePause : target.what === 'outside' ? Send : Mail} size={16} />
          <span className="grow">
            <span className="mono">{target.display}</span> <span className="hint">{text(target.what)}</span>
            {target.paused ? <span className="block mid">{text('paused', target.paused)}</span> : null}
          </span>
          {target.paused ? (
            <Button small busy={busy} onClick={() => again(target)}>
              {text('resume')}
            </Button>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
