/** The service cannot start, for a reason that the person at the terminal can mend. The message is one sentence; nothing else is shown. */
export class StartupFailure extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = 'StartupFailure';
  }
}

/** The sentence for an error of the file system, or null if it is none of the expected ones. */
export function fileFailure(error: unknown): StartupFailure | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  // of a copy the target is the one that cannot be written
  const named = 'dest' in error ? error.dest : 'path' in error ? error.path : undefined;
  const path = typeof named === 'string' ? named : 'the data directory';
  // so Node answers where a directory cannot be made on a disk that is read-only
  const isReadOnly = error.code === 'ENOENT' && 'syscall' in error && error.syscall === 'mkdir';
  switch (isReadOnly ? 'EROFS' : error.code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StartupFailure(`No permission to write ${path}: give this user that right, or set POSTAMT_DATA to another directory.`);
    case 'ENOSPC':
    case 'EDQUOT':
      return new StartupFailure(`The disk is full (writing ${path}): make room, then start again.`);
    case 'ENOTDIR':
    case 'EEXIST':
      return new StartupFailure(`${path} is in the way: it is not a directory; set POSTAMT_DATA to another one.`);
    default:
      return null;
  }
}
