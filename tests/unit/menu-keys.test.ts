import { expect, it } from 'vitest';
import { itemForKey } from '#components/ui/menu-keys.ts';

const folders = ['Archiv', 'Enterprise', 'Papierkorb', 'Projekte', 'Shift', 'Escape Room', 'äußere'];

it.each([
  ['p', 0, 2],
  ['P', 2, 3],
  ['p', 3, 2],
  ['Ä', -1, 6],
  ['x', 0, undefined],
  ['ArrowDown', 6, 0],
  ['ArrowUp', 0, 6],
  ['Home', 3, 0],
  ['End', 3, 6],
])('in a menu %s leads from item %i to %s', (key, at, to) => expect(itemForKey(key, folders, at)).toBe(to));

it.each(['Enter', 'Shift', 'Escape', 'Process', 'F1', ' '])(
  'keys that are no sign stay what they are, whatever an item is called: %s',
  (key) => expect(itemForKey(key, folders, 0)).toBeUndefined(),
);

it('a menu without items has none to go to', () => expect(itemForKey('ArrowDown', [], -1)).toBeUndefined());
