import { parseEnvironment } from '../../config/config.ts';

const dayMs = 86_400_000;
let known: number | null = null;

/** POSTAMT_SESSION_DAYS: a session that is not used for so long has ended. */
export const sessionIdleMs = (): number => {
  known ??= parseEnvironment(process.env).POSTAMT_SESSION_DAYS * dayMs;
  return known;
};
