import type { GuessDelayOptions, SharedGuesses } from '../auth/guess-delay.ts';
import type { Database } from './postgres/database.ts';

const turn = { name: 'guess_delay_turn', text: 'select guess_delay_turn($1, $2::int, $3::int, $4::int, $5::int, $6)' };
const known = {
  name: 'guess_delay_known',
  text: `select 1 from guess_delay where key = $1 and last_answer_at > now() - $2::int * interval '1 millisecond'`,
};

/** What all processes know of those who guess; `what`: whose guesses are counted together. It saves nothing that must outlast a crash. */
export const sharedGuesses = ({ note, read }: Pick<Database, 'note' | 'read'>, what: 'login' | 'recipient'): SharedGuesses => ({
  async turn(network, repeated, { stepMs, mostMs, patienceMs, forgetMs }: GuessDelayOptions) {
    const [row] = await note(turn, [`${what}|${network}`, stepMs, mostMs, patienceMs, forgetMs, repeated]);
    return typeof row?.[0] === 'number' ? row[0] : null;
  },
  async knows(network, { forgetMs }) {
    return (await read(known, [`${what}|${network}`, forgetMs])).length > 0;
  },
});
