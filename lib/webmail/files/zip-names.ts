import { safeFileName } from './attachments.ts';

/** Names that Windows keeps for devices, with any ending. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/** Gives each file of an archive a name that every system can unpack beside the others: no path, nothing reserved, none twice. Endings stay. */
export function zipNames(): (given: string) => string {
  const taken = new Set<string>();
  return (given) => {
    const plain = safeFileName(given)
      .replace(/[<>:"|?*]/g, '_')
      .replace(/^\.+|[. ]+$/g, '')
      .replace(reserved, '_$1');
    const name = plain || 'datei';
    const dot = name.lastIndexOf('.');
    const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
    let free = name;
    for (let copy = 2; taken.has(free.toLowerCase()); copy++) free = `${stem} (${copy})${ending}`;
    taken.add(free.toLowerCase());
    return free;
  };
}
