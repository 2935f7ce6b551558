import { describe, expect, it } from 'vitest';
import { readSign, signOf } from '#components/mail/compose/list-signs.ts';

describe('the sign of a list’s item', () => {
  it.each(['1', 'a', 'A', 'i', 'I'] as const)('is read as it is written: %s', (counting) => {
    for (let number = 1; number <= 120; number++)
      expect(readSign(`(${signOf(number, counting)}.\u00a0\u00a0 `)).toContainEqual({ number, counting });
  });
  it('is none where a list of HTML cannot write it', () => {
    for (const written of ['2.3.', '§ 4', 'ab)', 'vx.', '·', '']) expect(readSign(written)).toBeNull();
  });
});
