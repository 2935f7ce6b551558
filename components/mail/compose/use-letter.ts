'use client';

import { useEffect, useState } from 'react';
import { roomToWrite, signatureHtml, withWritten, writtenAsHtml } from '#lib/webmail/writing/quote-text.ts';
import type { Letter, MailSettings, WritesAs } from '#lib/webmail/writing/letter.ts';
import { getMail, MailRequestError } from '../mail-api.ts';
import { useZone } from '../dates.ts';
import { useMail } from '../mail-context.ts';
import type { ComposeRequest } from './compose-request.ts';
import { htmlAsText } from './html-as-text.ts';
import { withJournal } from './newer-in-journal.ts';

/** A forward's files are copied first. */
const patienceMs = 300_000;

type Beginning = Extract<ComposeRequest, { from: 'nothing' }>;

function newLetter(
  { to = [], cc = [], bcc = [], subject = '', text = '' }: Beginning,
  identity: WritesAs | undefined,
  settings: MailSettings,
): Letter {
  const signature = identity?.signature ?? '';
  return {
    id: crypto.randomUUID(),
    kind: 'new',
    from: identity ? { name: identity.name, address: identity.address } : null,
    to,
    cc,
    bcc,
    subject,
    html: settings.plainText ? '' : withWritten(roomToWrite, writtenAsHtml(text)) + signatureHtml(signature),
    text: settings.plainText ? `${text}${signature ? `\n\n${htmlAsText(signature)}` : ''}` : '',
    blocks: [],
    uploads: [],
    inReplyTo: '',
    references: [],
    source: null,
    draft: null,
  };
}

/** The letter a compose window begins with; answers and drafts are prepared by the server. */
export function useLetter(request: ComposeRequest) {
  const { address, identities, settings } = useMail();
  const [letter, setLetter] = useState<Letter | null>(() =>
    request.from === 'nothing' ? newLetter(request, identities[0], settings) : request.from === 'letter' ? request.letter : null,
  );
  const zone = useZone();
  const [failure, setFailure] = useState<MailRequestError | null>(null);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` asks again
  useEffect(() => {
    if (request.from !== 'message') return;
    const abort = new AbortController();
    setFailure(null);
    const prepare = async (): Promise<void> => {
      const prepared = await getMail<Letter>('compose', { kind: request.kind, ...request.message, zone }, abort.signal, patienceMs);
      const taken = request.kind === 'draft' ? await withJournal(address, prepared) : prepared;
      if (!abort.signal.aborted) setLetter(taken);
    };
    prepare().catch((error: unknown) => {
      if (error instanceof MailRequestError) setFailure(error);
    });
    return () => abort.abort();
  }, [request, round]);
  return { letter, failure, retry: () => setRound(round + 1) };
}
