'use client';

import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { ErrorText } from '../../ui/field.tsx';
import { useStep } from '../../ui/use-action.ts';
import type { FormState } from '../../ui/form-state.ts';

interface Props {
  /** what others ask of this customer */
  incoming: readonly { id: number; display: string; parent: string; customer: string; askedBy: string; date: string }[];
  own: readonly { name: string; display: string; parent: string; agreed: boolean | null }[];
  answer: (id: number, agrees: boolean) => Promise<FormState>;
}

/** Names below somebody's domain: questions to be answered, and what became of one's own. */
export function DomainRequests({ incoming, own, answer }: Props) {
  const text = useTranslations('panel.domainRequests');
  return (
    <>
      {incoming.map((request) => (
        <Question key={request.id} request={request} answer={answer} />
      ))}
      {own.map(({ name, display, parent, agreed }) => (
        <p key={name} className={agreed === false ? 'notice warn mb-4' : 'notice mb-4'}>
          <span>
            {text(agreed === null ? 'waiting' : agreed ? 'agreed' : 'refused', { name: display, parent })}{' '}
            {agreed === true ? (
              <Link className="link" href={`/panel/domains/new?name=${name}`}>
                {text('add')}
              </Link>
            ) : null}
          </span>
        </p>
      ))}
    </>
  );
}

function Question({
  request: { id, display, parent, customer, askedBy, date },
  answer,
}: {
  request: Props['incoming'][number];
  answer: Props['answer'];
}) {
  const text = useTranslations('panel.domainRequests');
  const [given, setGiven] = useState<FormState | null>(null);
  const [busy, start] = useStep();
  const say = (agrees: boolean) => start(async () => setGiven(await answer(id, agrees)));
  return (
    <section className="sheet next mb-4" aria-label={text('title', { name: display })}>
      <h2 className="h">{text('title', { name: display })}</h2>
      <p className="why">{text('question', { customer, askedBy, name: display, date })}</p>
      <p className="hint">{text('meaning', { name: display, parent })}</p>
      <div role="alert">{given?.error ? <ErrorText error={given.error} /> : null}</div>
      <div className="acts">
        <Button busy={busy} onClick={() => say(true)}>
          {text('agree')}
        </Button>
        <Button kind="danger" busy={busy} onClick={() => say(false)}>
          {text('refuse')}
        </Button>
      </div>
    </section>
  );
}
