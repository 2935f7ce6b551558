export interface PathArgument {
  /** what stood between the angle brackets */
  path: string;
  /** upper-case keyword → value, or null where none was given */
  parameters: ReadonlyMap<string, string | null>;
}

/** What stands in quotes may hold angle brackets; nothing here can be read in two ways, so the search never goes back. */
const form = /^(FROM|TO): *<((?:[^<>"]|"(?:[^"\\]|\\.)*")*)>((?: +[^ ]+)*) *$/i;
/** Scanners, scripts and people at a terminal leave the brackets out; with neither blanks nor quotes only one thing can be meant. */
const bareForm = /^(FROM|TO): *([^\s<>"@]+@[^\s<>"]+)((?: +[^ ]+)*) *$/i;

/** Splits "FROM:<path> KEY=value …" (RFC 5321 section 4.1.2). Null if it is not one. Spaces around the path and missing brackets are forgiven. */
export function parsePathArgument(argument: string, keyword: 'FROM' | 'TO'): PathArgument | null {
  const matched = form.exec(argument) ?? bareForm.exec(argument);
  if (matched?.[1]?.toUpperCase() !== keyword) return null;
  const parameters = new Map<string, string | null>();
  for (const word of (matched[3] ?? '').split(' ')) {
    if (word === '') continue;
    // a "=" in a value is none of RFC 5321, and stands in the ORCPT of hosts that write addresses as they are
    const parameter = /^([A-Za-z0-9][A-Za-z0-9-]*)(?:=(\S+))?$/.exec(word);
    const name = parameter?.[1]?.toUpperCase();
    if (!name || parameters.has(name)) return null;
    parameters.set(name, parameter?.[2] ?? null);
  }
  return { path: (matched[2] ?? '').trim(), parameters };
}

export const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);
