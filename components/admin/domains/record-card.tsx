'use client';

import { useTranslations } from 'next-intl';
import type { RecordFinding } from '#lib/dns/record-finding.ts';
import type { ExpectedRecord, RecordKind } from '#lib/dns/expected-records.ts';
import { Chip } from '../../ui/chip.tsx';
import { shorten } from '../shorten.ts';
import { Slip, type SlipLine } from '../slip.tsx';
import { StateDot, toneOf } from './state-dot.tsx';

interface Props {
  kind: RecordKind;
  /** null: not looked yet */
  finding: RecordFinding | null;
  expected: readonly ExpectedRecord[];
  /** the next step shows its values already */
  brief?: boolean;
}

/** State, one sentence, and found against expected where that helps. */
export function RecordCard({ kind, finding, expected, brief = false }: Props) {
  const text = useTranslations('panel');
  const state = finding?.state ?? 'checking';
  const wide = useTranslations();
  const sentence = () => {
    if (!finding) return text('dns.checking');
    if (finding.remark === 'unreachable') return text('dns.unreachable', { why: finding.found[0] ?? '' });
    // the remarks of a kind are a closed list; a test holds that each has its sentence
    return wide(`panel.dns.${kind}.${finding.remark}` as 'panel.dns.mx.none');
  };
  const lines = brief ? [] : slipLines({ kind, finding, expected }, (key) => text(`domain.${key}`));
  return (
    <li className="rec">
      <StateDot state={state} />
      <div>
        <div className="ttl">
          <div className="grow">
            <h3>{text(`dnsName.${kind}`)}</h3> <span className="mid">{sentence()}</span>
          </div>
          <Chip tone={toneOf(state)}>{text(`dnsState.${state}`)}</Chip>
        </div>
        {lines.length > 0 ? <Slip lines={lines} wide={expected.length > 1} /> : null}
      </div>
    </li>
  );
}

type Label = (key: 'found' | 'expected' | 'suggested' | 'recordName') => string;

function slipLines({ kind, finding, expected }: Omit<Props, 'brief'>, label: Label): SlipLine[] {
  if (!finding) return [];
  const found: SlipLine[] =
    finding.found.length > 0 &&
    finding.state !== 'unknown' &&
    (finding.state !== 'right' || kind === 'mx' || kind === 'spf' || kind === 'dmarc')
      ? [{ label: label('found'), value: finding.found.map(shorten) }]
      : [];
  if (finding.state === 'right') return found;
  // several records stand with their names
  if (expected.length > 1) {
    return expected.map(({ label: name, type, value }) => ({
      label: name,
      value: `${type} ${value}`,
      copy: value,
    }));
  }
  const [record] = expected;
  if (!record) return found;
  const value = finding.suggestion ?? record.value;
  const name = record.label;
  return [
    ...found,
    { label: label('recordName'), value: `${name} ${record.type}`, copy: name },
    { label: label(finding.suggestion ? 'suggested' : 'expected'), value: shorten(value), copy: value },
  ];
}
