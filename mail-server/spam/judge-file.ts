import { decodeContent } from '../../lib/mime/decode-content.ts';
import { decodeWholeWords } from '../../lib/mime/decode-encoded-words.ts';
import { decodeParameter } from '../../lib/mime/decode-parameter.ts';
import { bareFileName, runsWhenOpened } from './find-program.ts';
import type { Entity } from '../../lib/mime/entity.ts';
import { parseParameterised } from '../../lib/mime/parse-content-type.ts';
import { findField } from '../../lib/mime/parse-header.ts';
import { isContinuationName } from '../../lib/mime/plan-letter.ts';

/** An attachment that may do harm when somebody opens it. */
export interface Danger {
  name: string;
  /** a program runs; a page asks for a password or leads away; macros ask first */
  kind: 'program' | 'page' | 'macros';
  /** its name says something else, or it makes another file or leads elsewhere by itself */
  deceives: boolean;
}

const pages = /\.(?:html?|shtml?|xhtml|mht(?:ml)?)$/i;
const drawing = /\.svg$/i;
const macros = /\.(?:docm|dotm|xlsm|xltm|xlsb|xlam|pptm|potm|ppam|ppsm|sldm|slk|iqy)$/i;
/** "Rechnung.pdf.exe" */
const twofold = /\.(?:pdf|docx?|xlsx?|pptx?|jpe?g|png|gif|txt|mp[34]|wav)[\s_]{0,200}\.[\w-]{2,20}$/i;
/** signs that write a name in another order, or push its end out of sight */
const turned = /[\u202a-\u202e\u2066-\u2069]|\s{8}/;
/** makes a file of what is packed in it, runs it or goes where it says: no portal's page for encrypted mail does */
const builds =
  /\bcreateObjectURL\b|\bmsSaveOrOpenBlob\b|\b(?:eval|Function)\s{0,5}\(\s{0,5}(?:window\.)?(?:atob|unescape|decodeURIComponent)\s{0,5}\(|\blocation(?:\.(?:href|replace|assign))?\s{0,5}[=(]\s{0,5}(?:window\.)?atob\s{0,5}\(|\bdocument\.write(?:ln)?\s{0,5}\(\s{0,5}(?:window\.)?atob\s{0,5}\(/;
/** what no drawing needs */
const livesInDrawing = /<(?:script|iframe|form|embed|object|meta)\b|\son[a-z]{3,20}\s{0,5}=\s{0,5}["']|\bjavascript:/i;
const leadsAway = /<a\s[^<>]{0,300}href\s{0,5}=/i;

/** of each page */
const bytesLookedAt = 96 * 1024;

/** What a part shows by its name and, where it is a page, by what stands in it. `isFile`: it is offered as a file, and not shown as text. Linear time. */
export function judgeFile(raw: Buffer, entity: Entity, written: string, isFile: boolean): Danger | null {
  // a letter is called as its subject is: "Ihre Bestellung bei buch.com"
  if (entity.message !== null) return null;
  const name = bareFileName(written);
  const deceives = turned.test(written) || twofold.test(name);
  if (runsWhenOpened(name)) return { name, kind: 'program', deceives };
  if (macros.test(name)) return { name, kind: 'macros', deceives };
  if (!isFile) return null;
  if (drawing.test(name) || entity.subtype === 'svg+xml') {
    const content = contentOf(raw, entity);
    const lives = livesInDrawing.test(content);
    const isDrawing = /<svg\b/i.test(content) && !leadsAway.test(content) && entity.bodyEnd - entity.bodyStart <= bytesLookedAt;
    return lives || !isDrawing ? { name: name || 'svg', kind: 'page', deceives: deceives || lives } : null;
  }
  if (!pages.test(name)) return null;
  const acts = builds.test(contentOf(raw, entity));
  return acts || !isContinuationName(name) ? { name, kind: 'page', deceives: deceives || acts } : null;
}

/** With the signs that turn a name around, which what is shown of it has no more. */
export function fileName(entity: Entity): string {
  const disposition = findField(entity.fields, 'content-disposition');
  const parameters = disposition === undefined ? [] : parseParameterised(disposition, 20).parameters;
  const given = (of: typeof parameters, name: string): string | undefined => decodeParameter(of, name, undefined, decodeWholeWords);
  return (given(parameters, 'filename') ?? given(entity.parameters, 'name') ?? '').slice(-200);
}

/** One byte a character; pages in UTF-16 read alike. */
const contentOf = (raw: Buffer, { bodyStart, bodyEnd, encoding }: Entity): string =>
  decodeContent(raw.subarray(bodyStart, Math.min(bodyEnd, bodyStart + bytesLookedAt)), encoding)
    .toString('latin1')
    .replaceAll('\0', '');
