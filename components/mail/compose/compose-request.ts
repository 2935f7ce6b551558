import type { ComposeKind, Letter, MessageReference, Person } from '#lib/webmail/types.ts';

/** What the compose window is opened with. */
export type ComposeRequest =
  | { from: 'nothing'; to?: Person[]; subject?: string }
  | { from: 'message'; kind: Exclude<ComposeKind, 'new'>; message: MessageReference }
  | { from: 'letter'; letter: Letter };
