'use client';

import { Check, Trash2 } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import type { WithheldCause } from '#lib/db/generated/enums.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Dialog } from '../ui/dialog.tsx';
import type { FieldError } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
import { showToast } from '../ui/toast.tsx';
import { useStep } from '../ui/use-action.ts';

export interface WithheldView {
  id: number;
  cause: WithheldCause;
  detail: string;
  suspicious: boolean;
  createdAt: number;
  expiresAt: number;
  recipient: string;
  from: string;
  subject: string;
  preview: string;
  group: string | null;
  isProved: boolean;
}

type Decide = (id: number) => Promise<FieldError | null>;

interface Props {
  label: string;
  letters: readonly WithheldView[];
  release: Decide;
  discard: Decide;
}

/** Letters that wait for somebody's word. What strangers wrote stands here as text, in a box of its own direction, and nothing of it is opened. */
export function WithheldList({ label, letters, release, discard }: Props) {
  return (
    <ul className="withheld" aria-label={label}>
      {letters.map((letter) => (
        <Waiting key={letter.id} letter={letter} release={release} discard={discard} />
      ))}
    </ul>
  );
}

function Waiting({ letter, release, discard }: { letter: WithheldView; release: Decide; discard: Decide }) {
  const text = useTranslations('panel.withheld');
  const format = useFormatter();
  const [asking, setAsking] = useState<'release' | 'discard' | null>(null);
  const [busy, start] = useStep();
  const { id, cause, detail, recipient, from, subject, preview } = letter;
  const decide = (what: 'release' | 'discard') =>
    start(async () => {
      const error = await (what === 'release' ? release : discard)(id);
      setAsking(null);
      showToast({ text: error ? error.text : text(what === 'release' ? (letter.group === null ? 'released' : 'passed') : 'discarded') });
    });
  const title = subject || text('noSubject');
  const [, name = '', address = from || text('nobody')] = /^(.+) (<[^<>]+>)$/.exec(from) ?? [];
  return (
    <li aria-label={title}>
      <div className="what">
        <p className="title">
          <bdi>{title}</bdi>
        </p>
        <p className="mid">
          {text.rich('fromTo', {
            from: () => (
              <>
                <bdi>{name}</bdi> <bdi className="mono">{address}</bdi>
              </>
            ),
            to: () => <bdi className="mono">{recipient}</bdi>,
          })}
        </p>
        {preview === '' || cause === 'virus' ? null : (
          <p className="hint begins">
            <bdi>{preview}</bdi>
          </p>
        )}
        <p className="chips">
          <Chip tone={cause === 'virus' ? 'bad' : 'warn'}>
            {text(`causes.${cause}`)}
            {detail === '' ? null : (
              <>
                {': '}
                <bdi>{detail}</bdi>
              </>
            )}
          </Chip>
          {letter.suspicious ? <Chip tone="warn">{text('suspicious')}</Chip> : null}
          {letter.group !== null && !letter.isProved ? <Chip tone="line">{text('unproved')}</Chip> : null}
          <span className="hint">
            {text('times', {
              came: format.dateTime(new Date(letter.createdAt), { dateStyle: 'medium', timeStyle: 'short' }),
              until: format.dateTime(new Date(letter.expiresAt), { dateStyle: 'medium' }),
            })}
          </span>
        </p>
      </div>
      <div className="acts">
        <Button
          small
          icon={<Icon of={Check} size={15} />}
          busy={busy}
          onClick={() => (cause === 'virus' || cause === 'program' ? setAsking('release') : decide('release'))}
        >
          {text('release')}
        </Button>
        <Button small kind="quiet" icon={<Icon of={Trash2} size={15} />} onClick={() => setAsking('discard')}>
          {text('discard')}
        </Button>
      </div>
      <Dialog
        open={asking !== null}
        onClose={() => setAsking(null)}
        title={asking === 'release' ? text('releaseTitle') : text('discardTitle')}
      >
        <p className="mid mt-3">
          {asking === 'release' ? text(cause === 'virus' ? 'releaseVirus' : 'releaseProgram', { address: recipient }) : text('discardText')}
        </p>
        <div className="acts">
          <Button data-autofocus onClick={() => setAsking(null)}>
            {text('keep')}
          </Button>
          <Button kind="danger-filled" busy={busy} onClick={() => asking && decide(asking)}>
            {text(asking === 'release' ? 'release' : 'discard')}
          </Button>
        </div>
      </Dialog>
    </li>
  );
}
