import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  readlinkSync,
  rmdirSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { StartupFailure } from '../startup-failure.ts';

/** Where databases live that their user could not reach in the data directory. */
const SHARED_HOME = '/var/lib/postamt';

/** Whom Postgres runs as, if not as us: it refuses to run as root. */
export interface ServerUser {
  uid?: number;
  gid?: number;
}

/** In this order: one of our own, if the administrator made one, and else the one that shares itself with other daemons. */
const userNames = ['postamt', 'nobody'];

/** The unprivileged user for the server's processes when we are root; nothing to change otherwise. */
export function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return {};
  for (const name of userNames) {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout));
    if (uid && gid) return { uid, gid };
  }
  throw new StartupFailure(
    'Postgres does not run as root and there is no user "postamt" or "nobody": start as a normal user, or set DATABASE_URL.',
  );
}

/** Gives a database that another user had until now (before there was a user "postamt") to the one it runs as from now on. */
function handOver(home: string, { uid, gid }: ServerUser): void {
  if (uid === undefined || gid === undefined || statSync(home).uid === uid) return;
  const { status, stderr } = spawnSync('chown', ['-R', `${uid}:${gid}`, home], { encoding: 'utf8' });
  if (status !== 0) throw new StartupFailure(`${home} cannot be given to the user that Postgres runs as: ${stderr.trim()}`);
}

/**
 * The directory of the embedded Postgres. Normally `<data>/postgres`. Started as root with a data directory below one that is closed to
 * others (root's home, say), it is a directory below /var/lib/postamt and `<data>/postgres` a symbolic link to it.
 */
export function openPostgresHome(path: string, user: ServerUser): string {
  if (!existsSync(path)) {
    if (isSymbolicLink(path)) {
      throw new StartupFailure(
        `${path} points to ${readlinkSync(path)}, which is gone: put it back from your backup, or remove the link to begin anew.`,
      );
    }
    mkdirSync(path, { mode: 0o700 });
    own(path, user);
    if (!isReachable(path, user)) {
      mkdirSync(SHARED_HOME, { recursive: true, mode: 0o711 });
      const home = mkdtempSync(`${SHARED_HOME}/`);
      own(home, user);
      // the empty directory made above gives way to the link
      rmdirSync(path);
      symlinkSync(home, path);
    }
  }
  const home = realpathSync(path);
  handOver(home, user);
  if (!isReachable(home, user)) {
    throw new StartupFailure(`The user that Postgres runs as cannot reach ${home}: open the directories above it (chmod o+x).`);
  }
  return home;
}

function own(path: string, { uid, gid }: ServerUser): void {
  chmodSync(path, 0o700);
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

const isReachable = (path: string, user: ServerUser): boolean =>
  spawnSync('/bin/sh', ['-c', 'cd "$1" && test -w .', 'sh', path], { ...user, cwd: '/' }).status === 0;

const isSymbolicLink = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
