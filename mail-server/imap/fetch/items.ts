import type { MessageColumn } from '../../store/mail-store.ts';

export interface PartialRange {
  offset: number;
  length: number;
}

/** What part of a message BODY[…] asks for. */
export interface SectionItem {
  kind: 'section';
  /** as the answer names it: `BODY[1.MIME]<0>`, `RFC822` */
  label: string;
  path: number[];
  what: 'part' | 'mime' | 'header' | 'text' | 'fields' | 'fields-not';
  fields: string[];
  partial: PartialRange | null;
  peek: boolean;
}

/** BINARY[…] and BINARY.SIZE[…] of RFC 3516 */
export interface BinaryItem {
  kind: 'binary' | 'binary-size';
  label: string;
  path: number[];
  partial: PartialRange | null;
  peek: boolean;
}

export type SimpleKind =
  | 'uid'
  | 'flags'
  | 'modseq'
  | 'internaldate'
  | 'size'
  | 'envelope'
  | 'body'
  | 'bodystructure'
  | 'preview'
  | 'emailid'
  | 'threadid'
  | 'judgement'
  | 'conversation';
export type FetchItem = { kind: SimpleKind } | SectionItem | BinaryItem;

/** What has to be read of each message to answer the items. */
export interface FetchPlan {
  items: FetchItem[];
  columns: MessageColumn[];
  /** nothing of the content, all of it, or pieces that the part map or the client names */
  content: 'none' | 'whole' | 'pieces';
  setsSeen: boolean;
}

const columnsOf: { [Kind in SimpleKind]?: MessageColumn } = {
  internaldate: 'received',
  size: 'size',
  envelope: 'envelope',
  body: 'body',
  bodystructure: 'bodystructure',
  preview: 'preview',
  threadid: 'thread',
  judgement: 'provenance',
  conversation: 'conversation',
};

export function planFetch(items: FetchItem[]): FetchPlan {
  const columns = new Set<MessageColumn>();
  let whole = false;
  let pieces = false;
  let setsSeen = false;
  for (const item of items) {
    if (item.kind === 'section') {
      setsSeen ||= !item.peek;
      if (item.path.length === 0 && item.what !== 'part' && item.what !== 'text') columns.add('header');
      else if (item.path.length === 0 && item.partial === null) whole = true;
      else pieces = true;
    } else if (item.kind === 'binary' || item.kind === 'binary-size') {
      setsSeen ||= !item.peek;
      if (item.path.length === 0 && item.partial === null) whole = true;
      else pieces = true;
    } else {
      const column = columnsOf[item.kind];
      if (column) columns.add(column);
    }
  }
  if (whole || pieces) columns.add('header').add('size');
  if (pieces) columns.add('parts');
  return { items, columns: Array.from(columns), content: whole ? 'whole' : pieces ? 'pieces' : 'none', setsSeen };
}
