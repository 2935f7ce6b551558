import type { DragEvent } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { beginDrag, draggedBy } from '#components/mail/folders/dragged.ts';
import { isOwn, pathBelow, takesLetters } from '#components/mail/folders/folder-places.ts';
import type { MailFolder } from '#lib/webmail/reading/conversation-list.ts';

const folder = (path: string, more: Partial<MailFolder> = {}): MailFolder => ({
  ...{ path, name: path, depth: 0, specialUse: null, selectable: true, total: 0, unread: 0 },
  ...more,
});

describe('letters', () => {
  it('go to every folder but where all of them lie, and where letters are written from', () => {
    const rows = [{ folder: 'INBOX' }, { folder: 'Archive' }];
    const takes = (one: MailFolder, of = rows) => takesLetters(one, of);
    expect(takes(folder('INBOX', { specialUse: 'inbox' }))).toBe(true);
    expect(takes(folder('INBOX', { specialUse: 'inbox' }), rows.slice(0, 1))).toBe(false);
    expect(takes(folder('Rechnungen'))).toBe(true);
    for (const no of [
      folder('A', { selectable: false }),
      folder('Sent', { specialUse: 'sent' }),
      folder('Drafts', { specialUse: 'drafts' }),
    ])
      expect(takes(no)).toBe(false);
    for (const name of ['Geplant', 'Scheduled']) expect(takes(folder(name))).toBe(false);
  });
});

describe('a folder', () => {
  it('goes below any other, but not below itself nor where it lies', () => {
    expect(pathBelow('A/B', 'C/D')).toBe('C/D/B');
    expect(pathBelow('A/B', '')).toBe('B');
    for (const [path, parent] of [
      ['A', ''],
      ['A/B', 'A'],
      ['A', 'A'],
      ['A', 'A/B'],
    ] as const)
      expect(pathBelow(path, parent)).toBeNull();
    expect(pathBelow('A', 'AB')).toBe('AB/A');
  });

  it('that the house made stays where it is', () => {
    expect([folder('Rechnungen'), folder('Trash', { specialUse: 'trash' }), folder('Geplant')].map(isOwn)).toEqual([true, false, false]);
  });
});

it('what another window drags over this one is not what was dragged here before', async () => {
  vi.stubGlobal('document', { createElement: () => ({ remove: () => {} }), body: { append: () => {} } });
  const drag = () => {
    const types: string[] = [];
    const dataTransfer = { types, clearData: () => {}, setData: (type: string) => types.push(type), setDragImage: () => {} };
    return { dataTransfer } as unknown as DragEvent;
  };
  const [here, there] = [drag(), drag()];
  vi.resetModules();
  const other = await import('#components/mail/folders/dragged.ts');
  beginDrag(here, { kind: 'folder', path: 'A' }, 'A');
  other.beginDrag(there, { kind: 'folder', path: 'B' }, 'B');
  expect(draggedBy(here)).toEqual({ kind: 'folder', path: 'A' });
  expect(draggedBy(there)).toBeNull();
  expect(other.draggedBy(there)).toEqual({ kind: 'folder', path: 'B' });
  vi.unstubAllGlobals();
});
