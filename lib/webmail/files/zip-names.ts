import { safeFileName } from './attachments.ts';

/** Names that Windows keeps for devices, with any ending. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/** Gives each file of an archive a name that every system can unpack beside the others: no path, nothing reserved, none twice. Endings stay. */
export function zipNames(): (given: string) => string {
  const taken = new Set<string>();
  /** by what was given: a letter may have thousands of one name */
  const copies = new Map<string, number>();
  return (given) => {
    const plain = safeFileName(given)
      .replace(/[<>:"|?*]/g, '_')
      .replace(/^\.+|[. ]+$/g, '')
      .replace(reserved, '_$1');
    const name = plain || 'datei';
    const dot = name.lastIndexOf('.');
    const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
    let free = name;
    let copy = copies.get(name.toLowerCase()) ?? 1;
    while (taken.has(free.toLowerCase())) free = `${stem} (${++copy})${ending}`;
    copies.set(name.toLowerCase(), copy);
    taken.add(free.toLowerCase());
    return free;
  };
}
