import pg from 'pg';
import { expect, test } from 'vitest';
import { ofOurs } from '#mail-server/queue/outcome.ts';
import { translate } from '#mail-server/store/postgres/database-errors.ts';

const thrown = (code: string): unknown => translate(Object.assign(new pg.DatabaseError('x', 1, 'error'), { code }));

test('what the house was not ready for comes again soon; a statement that took too long, and any other fault, as the schedule says', () => {
  for (const code of ['57P01', '08006', '53300', '55P03', '25P03']) expect(ofOurs(thrown(code), 'x')).toMatchObject({ soon: true });
  for (const error of [thrown('57014'), thrown('22000'), new TypeError('x')]) expect(ofOurs(error, 'x')).not.toHaveProperty('soon');
});
