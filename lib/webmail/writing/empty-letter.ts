import { randomUUID } from 'node:crypto';
import { roomToWrite } from './quote-text.ts';
import type { Letter } from './letter.ts';

export const emptyLetter = (): Letter => ({
  id: randomUUID(),
  kind: 'new',
  from: null,
  to: [],
  cc: [],
  bcc: [],
  subject: '',
  html: roomToWrite,
  text: '',
  blocks: [],
  uploads: [],
  inReplyTo: '',
  references: [],
  source: null,
  draft: null,
});
