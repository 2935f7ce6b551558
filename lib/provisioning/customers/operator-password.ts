// `npm run operator-password`: a new password for the operator who lost his, on standard output. Whoever may run it has the database anyway.
import { mintPersonScope } from '../../auth/customer-scope.ts';
import { operate } from '../../db/operate.ts';
import { setPersonPassword } from './set-person-password.ts';

const usage = `Usage: npm run operator-password [-- EMAIL]
  Gives the operator a new password and prints it; his sign-ins end. EMAIL: where there are several operators, which one.
`;

async function main(args: readonly string[]): Promise<number> {
  const [email, ...more] = args;
  const url = process.env['DATABASE_URL'];
  if (more.length > 0 || email?.startsWith('-')) return fail(usage, 2);
  if (!url) return fail('DATABASE_URL is not set; `npm run operator-password` sets it.\n', 1);
  return operate(url, async (database) => {
    const found = await database.user.findMany({ where: { role: 'operator', ...(email ? { email } : {}) }, orderBy: { id: 'asc' } });
    const [operator, another] = found;
    if (!operator) return fail(email ? `There is no operator ${email}.\n` : 'There is no operator yet: the next start makes one.\n', 1);
    if (another) return fail(`Name one of them: ${found.map((each) => each.email).join(', ')}.\n`, 1);
    const scope = mintPersonScope({ userId: Number(operator.id), customerId: null, actor: 'system', remote: null });
    const result = await setPersonPassword(database, scope, scope.userId, null);
    if (!result.ok || result.value.password === null) return fail(`${operator.email} could not be changed.\n`, 1);
    process.stdout.write(`${operator.email} ${result.value.password}\n`);
    return 0;
  });
}

function fail(sentence: string, code: number): number {
  process.stderr.write(sentence);
  return code;
}

process.exitCode = await main(process.argv.slice(2));
