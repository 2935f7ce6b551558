import { decodeBase64, decodeContent } from '../../lib/mime/decode-content.ts';
import { DEFAULT_MIME_LIMITS } from '../../lib/mime/limits.ts';
import { parsePartMap, type Part, serialisePartMap } from '../../lib/mime/part-map.ts';
import { mayBeSigned } from '../../lib/mime/plan-letter.ts';
import { deepestSigned, signedLetter } from '../../lib/mime/signed-content.ts';

/** What Windows and telephones run when it is opened: programs, scripts, installers, images of disks that hold them, what starts another program. */
const programs =
  /\.(?:exe|scr|com|pif|bat|cmd|vbs|vbe|vb|js|jse|ws|wsf|wsc|wsh|sct|hta|lnk|url|scf|reg|cpl|msi|msp|msc|mst|msix|msixbundle|appx|appxbundle|appinstaller|application|appref-ms|ps1|ps1xml|psm1|psc1|psd1|jar|jnlp|apk|iso|img|vhdx?|udf|one|onepkg|chm|hlp|ace|arj|cab|lzh|xll|settingcontent-ms|library-ms|search-ms|diagcab)$/i;
/** What people who know it send each other too, and documents with macros: what a customer's quarantine holds back as well. */
const others =
  /\.(?:inf|dll|sys|ocx|gadget|app|dmg|pkg|command|workflow|desktop|sh|run|elf|xlam|xlsm|xltm|xlsb|docm|dotm|pptm|potm|ppam|ppsm|sldm|slk|iqy|theme)$/i;

/** Beyond this the beginning and the end of an archive are looked into, where the names of its files stand. */
const wholeBytes = 4 * 1024 * 1024;
const edgeBytes = 1024 * 1024;
const mostNames = 20_000;
const mostParts = 2_000;
const mostOfName = 200;
const limits = DEFAULT_MIME_LIMITS;

/**
 * The name of an attachment that runs when it is opened, by its name, by how its content begins, or within a zip archive; null if there is none.
 * Looks into letters within the letter, and into what was signed as one file, which is shown as what is inside. Linear in the letter.
 */
export function findProgram(raw: Buffer, parts: Buffer): string | null {
  const stack = [{ part: parsePartMap(parts), of: raw, depth: 0 }];
  for (let count = 0, next = stack.pop(); next !== undefined && count < mostParts; next = stack.pop(), count++) {
    const { part, of, depth } = next;
    for (const child of part.children) stack.push({ part: child, of, depth });
    if (part.message) stack.push({ part: part.message, of, depth });
    if (part.children.length > 0 || part.message) continue;
    const isSigned = depth < deepestSigned && mayBeSigned(part, part.filename);
    const inside = isSigned ? signedLetter(bodyOf(of, part), part.encoding, limits) : null;
    if (inside) stack.push({ part: parsePartMap(serialisePartMap(inside.root, limits)), of: inside.raw, depth: depth + 1 });
    const found = inPart(of, part);
    if (found !== null) return found.replace(/[\p{Cc}\p{Cf}]/gu, '').slice(-200);
  }
  return null;
}

const bodyOf = (raw: Buffer, { bodyOffset, bodyLength }: Part): Buffer => raw.subarray(bodyOffset, bodyOffset + bodyLength);

function inPart(raw: Buffer, part: Part): string | null {
  if (isProgramName(part.filename)) return part.filename;
  if (part.type === 'text' && part.filename === '') return null;
  const body = bodyOf(raw, part);
  const start = decodeContent(body.subarray(0, 64), part.encoding);
  if (isProgram(start)) return part.filename || `${part.type}/${part.subtype}`;
  if (start.toString('latin1', 0, 4) !== 'PK\x03\x04') return null;
  const inside = namesInZip(decodedEdges(body, part.encoding)).find(isProgramName);
  return inside === undefined ? null : `${part.filename || 'zip'}: ${inside}`;
}

/** The end of a file's name, where its kind stands. Windows ignores dots and blanks behind it, and what nobody sees programs leave out. */
export function bareFileName(written: string): string {
  const name = written.replace(/[\p{Cc}\p{Cf}]/gu, '');
  let end = name.length;
  while (end > 0 && /[\s.]/.test(name[end - 1] ?? '')) end--;
  return name.slice(Math.max(0, end - mostOfName), end);
}

/** By a name from bareFileName. */
export const runsWhenOpened = (bare: string): boolean => programs.test(bare);

function isProgramName(name: string): boolean {
  const bare = bareFileName(name);
  return programs.test(bare) || others.test(bare);
}

/** "MZ" of Windows, ELF, the Mach-O of Apple, and "#!" of scripts. */
const beginnings = [
  Buffer.from('MZ'),
  Buffer.from('\x7fELF', 'latin1'),
  Buffer.from('cffaedfe', 'hex'),
  Buffer.from('cefaedfe', 'hex'),
  Buffer.from('#!/'),
];
const isProgram = (start: Buffer): boolean =>
  beginnings.some((beginning) => start.subarray(0, beginning.length).equals(beginning)) && !(start[0] === 0x4d && isText(start));
/** A text may begin with the letters MZ; a program has zeros soon. */
const isText = (start: Buffer): boolean => start.length < 16 || !start.includes(0);

function decodedEdges(body: Buffer, encoding: string): Buffer {
  if (body.length <= wholeBytes) return decodeContent(body, encoding);
  const [first, last] = [body.subarray(0, edgeBytes), body.subarray(-edgeBytes)];
  if (encoding !== 'base64') return Buffer.concat([decodeContent(first, encoding), decodeContent(last, encoding)]);
  // groups of four are counted from the end, where the padding is
  const letters = last.toString('latin1').replace(/[^\w+/=]+/g, '');
  return Buffer.concat([decodeBase64(first), decodeBase64(Buffer.from(letters.slice(letters.length % 4), 'latin1'))]);
}

/** Names in the local headers and in the directory of a zip archive, which programs believe more than one another. */
function namesInZip(bytes: Buffer): string[] {
  const names: string[] = [];
  for (const [signature, lengthAt, nameAt] of [
    ['PK\x01\x02', 28, 46],
    ['PK\x03\x04', 26, 30],
  ] as const) {
    for (let at = bytes.indexOf(signature); at >= 0 && names.length < mostNames; at = bytes.indexOf(signature, at + 4)) {
      if (at + nameAt > bytes.length) break;
      names.push(bytes.toString('utf8', at + nameAt, at + nameAt + Math.min(bytes.readUInt16LE(at + lengthAt), 1000)));
    }
  }
  return names;
}
