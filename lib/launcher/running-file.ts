import { rmSync } from 'node:fs';
import type { MailPort } from '../config/config.ts';
import { writeAtomically } from './write-atomically.ts';

/** What scripts read to find the service. The file exists exactly while the service is ready; it holds passwords, so its mode is 0600. */
export interface RunningFile {
  /** address of webmail and panel */
  web: string;
  /** path of the authority's certificate that clients are to trust */
  ca: string;
  /** name under which mail clients connect; it is in the certificate */
  host: string;
  ports: Record<MailPort, number>;
  pids: { launcher: number; postgres: number | null; web: number[]; mail: number[] };
  demo: { address: string; password: string }[];
  operator: { email: string; password: string } | null;
}

export const writeRunningFile = (path: string, content: RunningFile): void =>
  writeAtomically(path, `${JSON.stringify(content, null, 2)}\n`, 0o600);

export const removeRunningFile = (path: string): void => rmSync(path, { force: true });
