import type { Letter, PrepareKind } from '#lib/webmail/writing/letter.ts';
import type { MessageReference, Person } from '#lib/webmail/reading/mail-message.ts';

/** What the compose window is opened with. */
export type ComposeRequest =
  | { from: 'nothing'; to?: Person[]; cc?: Person[]; bcc?: Person[]; subject?: string; text?: string }
  | { from: 'message'; kind: PrepareKind; message: MessageReference }
  | { from: 'letter'; letter: Letter };
