import type { Database } from '../db/prisma.ts';
import { createLoginThrottle, type LoginThrottle, type LoginThrottleLimits } from './login-throttle.ts';

/** The login throttle of all processes, over the web's database client. */
export const webThrottle = (database: Database, limits: LoginThrottleLimits): LoginThrottle =>
  createLoginThrottle(async ({ text }, values) => {
    const rows = await database.$queryRawUnsafe<Record<string, unknown>[]>(text, ...values);
    return Object.values(rows[0] ?? {});
  }, limits);
