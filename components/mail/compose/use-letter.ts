'use client';

import { useEffect, useState } from 'react';
import type { Letter } from '#lib/webmail/types.ts';
import { getMail, MailRequestError } from '../mail-api.ts';
import type { ComposeRequest } from './compose-request.ts';

const newLetter = (part: Partial<Letter>): Letter => ({
  id: crypto.randomUUID(),
  kind: 'new',
  from: null,
  to: [],
  cc: [],
  bcc: [],
  subject: '',
  html: '<p></p>',
  text: '',
  blocks: [],
  uploads: [],
  inReplyTo: '',
  references: [],
  source: null,
  draft: null,
  ...part,
});

/** The letter a compose window begins with; answers and drafts are prepared by the server. */
export function useLetter(request: ComposeRequest) {
  const [letter, setLetter] = useState<Letter | null>(() =>
    request.from === 'nothing'
      ? newLetter({ to: request.to ?? [], subject: request.subject ?? '' })
      : request.from === 'letter'
        ? request.letter
        : null,
  );
  const [failure, setFailure] = useState<MailRequestError | null>(null);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` asks again
  useEffect(() => {
    if (request.from !== 'message') return;
    const abort = new AbortController();
    setFailure(null);
    getMail<Letter>('compose', { kind: request.kind, ...request.message }, abort.signal).then(setLetter, (error: unknown) => {
      if (error instanceof MailRequestError) setFailure(error);
    });
    return () => abort.abort();
  }, [request, round]);
  return { letter, failure, retry: () => setRound(round + 1) };
}
