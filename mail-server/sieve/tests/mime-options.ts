import type { Entity } from '../../../lib/mime/entity.ts';
import { decodeParameter } from '../../../lib/mime/decode-parameter.ts';
import { parseParameterised } from '../../../lib/mime/parse-content-type.ts';
import type { Call } from '../compile/call.ts';
import type { TextList } from '../compile/program.ts';
import type { TagSpecification } from '../compile/syntax-of-call.ts';
import type { Field, Header } from '../letter/header.ts';
import { withDescendants } from '../letter/letter.ts';
import type { Run } from '../run/run.ts';

/** Whose header a test looks at (RFC 5703 section 4). */
export const MIME: Record<string, TagSpecification> = {
  mime: { extension: 'mime' },
  anychild: { extension: 'mime' },
};

/** What of a Content-Type or Content-Disposition the header test compares. */
export const MIME_PIECES: Record<string, TagSpecification> = {
  type: { extension: 'mime', group: 'mime option' },
  subtype: { extension: 'mime', group: 'mime option' },
  contenttype: { extension: 'mime', group: 'mime option' },
  param: { extension: 'mime', group: 'mime option', argument: 'list' },
};

/** RFC 5260 section 6. */
export const INDEX: Record<string, TagSpecification> = {
  index: { extension: 'index', argument: 'number' },
  last: { extension: 'index' },
};

/** The headers that a test looks at: of the letter as it is now, or with :mime of the part that foreverypart is at. */
export function compileHeaders(call: Call): (run: Run) => Iterable<Header> {
  const mime = call.has('mime');
  const anyChild = call.has('anychild');
  if (anyChild && !mime) call.fault(':anychild may only stand with :mime', call.tags.get('anychild')?.line);
  const headerOf = (run: Run, entity: Entity | null): Header =>
    entity === null || entity === run.letter.root ? run.header : run.letter.headerOf(entity);
  if (!mime) return (run) => [run.header];
  if (!anyChild) return (run) => [headerOf(run, run.part)];
  return function* (run) {
    for (const entity of withDescendants(run.part ?? run.letter.root)) yield headerOf(run, entity);
  };
}

/** Takes the fields that :index and :last leave. Those of all names are counted together, in the order of the names (RFC 5260 section 6). */
export function compileIndex(call: Call): <Of>(fields: readonly Of[]) => readonly Of[] {
  const index = call.tagNumber('index');
  const last = call.has('last');
  if (last && index === null) call.fault(':last may only stand with :index', call.tags.get('last')?.line);
  if (index === 0) call.fault(':index counts from 1', call.tags.get('index')?.line);
  if (index === null) return (fields) => fields;
  return (fields) => fields.slice(last ? -index : index - 1, last ? fields.length - index + 1 : index);
}

/** A field and the header that it stands in. */
export type Found = readonly [header: Header, field: Field];

/** The fields of these names, of which compileIndex may take some: those of one name in all headers, then those of the next. */
export function fieldsOf(run: Run, headers: Iterable<Header>, names: readonly string[]): readonly Found[] {
  const among = [...headers];
  return names.flatMap((name) =>
    among.flatMap((header) => {
      const fields = header.all(name);
      run.spend(1 + fields.length);
      return fields.map((field): Found => [header, field]);
    }),
  );
}

/** What of a field is compared: all of it, or what :type, :subtype, :contenttype and :param name. */
export function compilePiece(call: Call): (run: Run, header: Header, field: Field) => readonly string[] {
  const piece = call.oneOf('type', 'subtype', 'contenttype', 'param');
  if (piece !== null && !call.has('mime')) call.fault(`:${piece} may only stand with :mime`, call.tags.get(piece)?.line);
  if (piece === null) return (_, header, field) => [header.text(field)];
  const names = call.tagList('param');
  return (run, _, field) => pieces(run, field, piece, names);
}

function pieces(run: Run, field: Field, piece: 'type' | 'subtype' | 'contenttype' | 'param', names: TextList | null): string[] {
  // other fields have none of it: a blank string is tested (RFC 5703 section 4.1)
  if (field.key !== 'content-type' && field.key !== 'content-disposition') return [''];
  const { value, parameters } = parseParameterised(field.value, run.letter.limits.parameters);
  if (piece === 'param') {
    const found = (names?.read(run) ?? []).flatMap((name) => decodeParameter(parameters, name.toLowerCase()) ?? []);
    // a field without any of them has an empty one
    return found.length > 0 ? found : [''];
  }
  if (field.key === 'content-disposition') return piece === 'subtype' ? [''] : [value];
  const [type = '', subtype = ''] = value.split('/').map((half) => half.trim());
  if (piece === 'contenttype') return [`${type}/${subtype}`];
  return [piece === 'type' ? type : subtype];
}
