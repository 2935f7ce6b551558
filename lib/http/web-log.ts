import type { Logger } from 'pino';
import { parseEnvironment } from '../config/config.ts';
import { createLog } from '../config/create-log.ts';
import { onceInProcess } from '../config/once-in-process.ts';

/** The log of a web process, in the words and with the fields of the mail server's (docs/operations.md, "Watching it"). */
export const webLog = (): Logger => onceInProcess('http.log', () => createLog('web', parseEnvironment(process.env).POSTAMT_LOG_LEVEL));
