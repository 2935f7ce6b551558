import { database } from '#lib/db/prisma.ts';

export const dynamic = 'force-dynamic';

/** 200 while this process answers and reaches its database, else 503. Says nothing that a stranger could use. */
export async function GET(): Promise<Response> {
  try {
    await database().$queryRaw`select 1`;
    return Response.json({ status: 'ok' });
  } catch {
    return Response.json({ status: 'unavailable', reason: 'database' }, { status: 503 });
  }
}
