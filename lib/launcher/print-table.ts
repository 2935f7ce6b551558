import { isAbsolute, relative } from 'node:path';
import type { RunningFile } from './running-file.ts';

interface TableFacts {
  running: RunningFile;
  dataDirectory: string;
  logs: string;
  secrets: string;
  /** passwords are for a terminal, not for a journal */
  showPasswords: boolean;
}

/** The table that stands at the end of a start: where everything is and how to sign in. */
export function accessTable({ running, dataDirectory, logs, secrets, showPasswords }: TableFacts): string {
  const { ports, host } = running;
  const hidden = `(${shorten(secrets)})`;
  const logins = [
    ...running.demo.map(({ address, password }) => ['Demo mailbox', address, password] as const),
    ...(running.operator ? [['Operator', running.operator.email, running.operator.password] as const] : []),
  ];
  const rows: string[][] = [
    ['Webmail and panel', running.web],
    ...logins.map(([label, name, password]) => [label, name, showPasswords ? password || '(set at the first start)' : hidden]),
    [],
    ['IMAP', host, String(ports.imaps), 'TLS', String(ports.imap), 'STARTTLS'],
    ['POP3', host, String(ports.pop3s), 'TLS', String(ports.pop3), 'STARTTLS'],
    ['SMTP, sending', host, String(ports.submissions), 'TLS', String(ports.submission), 'STARTTLS'],
    ['SMTP, receiving', host, '', '', String(ports.smtp), 'STARTTLS'],
    ['ManageSieve', host, '', '', String(ports.sieve), 'STARTTLS'],
    ['LMTP', '127.0.0.1', '', '', String(ports.lmtp), 'no encryption, this machine only'],
    [],
    ['Data directory', shorten(dataDirectory)],
    ['Logs', shorten(logs)],
    ['Authority to trust', shorten(running.ca)],
  ];
  return rows.map((row) => formatRow(row, rows)).join('\n');
}

/** Columns are as wide as their widest cell; a row of two cells does not count, it has no neighbour on its right. */
function formatRow(row: string[], rows: string[][]): string {
  if (row.length === 0) return '';
  const group = rows.filter((other) => other.length === row.length);
  const cells = row.map((cell, column) => {
    const peers = column === 0 ? rows : group;
    const width = Math.max(...peers.map((peer) => (peer[column] ?? '').length));
    return column === row.length - 1 ? cell : cell.padEnd(width);
  });
  return `  ${cells.join('   ')}`.trimEnd();
}

const shorten = (path: string): string => {
  const near = relative(process.cwd(), path);
  return near !== '' && !near.startsWith('..') && !isAbsolute(near) ? near : path;
};
