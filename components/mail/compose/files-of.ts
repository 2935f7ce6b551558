/** What a letter can show in its text. */
export const isPicture = (file: File): boolean => /^image\/(png|jpeg|gif|webp)$/.test(file.type);

/** The files of what was dropped or pasted. A folder comes as a file that cannot be read: `folders` says how many there were. */
export function filesOf(transfer: DataTransfer): { files: File[]; folders: number } {
  const entries = [...transfer.items].filter(({ kind }) => kind === 'file');
  const files = entries.flatMap((entry) => (entry.webkitGetAsEntry()?.isDirectory ? [] : (entry.getAsFile() ?? [])));
  return { files, folders: entries.length - files.length };
}

/** A file is read while it is sent: one that was deleted, renamed or changed since looks to the page like a connection that broke. */
export const canBeRead = (file: Blob): Promise<boolean> =>
  file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );
