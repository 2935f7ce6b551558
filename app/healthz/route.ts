import { database } from '#lib/db/prisma.ts';

export const dynamic = 'force-dynamic';

/** 200 while this process answers and reaches its database, where it may write, else 503. Says nothing that a stranger could use. */
export async function GET(): Promise<Response> {
  try {
    const [row] = await database().$queryRaw<{ mode: string }[]>`select current_setting('transaction_read_only') as mode`;
    if (row?.mode === 'off') return Response.json({ status: 'ok' });
  } catch {
    // it is away
  }
  return Response.json({ status: 'unavailable', reason: 'database' }, { status: 503 });
}
