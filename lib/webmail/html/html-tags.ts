import { wordTable } from '../../mime/word-table.ts';

/** The elements of letters, and what the rebuilding of HTML must know of each. */

const set = (names: string): ReadonlySet<string> => new Set(names.split(' '));

const allowedTags = set(
  'a abbr acronym address area article aside b bdi bdo big blockquote br caption center cite code col colgroup data dd del dfn div dl dt em ' +
    'figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main map mark nav nobr ol output p pre q rp rt ruby s samp ' +
    'section small span strike strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr',
);
/** Custom elements, which do nothing without a script. */
const custom = /^[a-z][a-z0-9]{0,20}(?:-[a-z0-9]{1,20}){1,4}$/;
export const isAllowedTag = (tag: string): boolean => allowedTags.has(tag) || custom.test(tag);
export const voidTags = set('area br col hr img wbr base link meta input embed param source track');
/** kept as what they look like without their function */
export const replacedTags = new Map(
  Object.entries({
    form: 'div',
    fieldset: 'div',
    legend: 'div',
    label: 'span',
    button: 'span',
    details: 'div',
    summary: 'div',
    dialog: 'div',
    hgroup: 'div',
    search: 'div',
    marquee: 'div',
    listing: 'pre',
    dir: 'ul',
    menu: 'ul',
    strike: 's',
    image: 'img',
  }),
);
/** what stands inside is no text of the letter; in films, recordings, objects and formulas it is what programs show that cannot show them */
export const hiddenTags = set('xml datalist template svg annotation annotation-xml');
/** HTML elements inside SVG end it (WHATWG HTML section 13.2.6.5) */
export const endsForeign = set(
  'b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li menu meta nobr ol p pre ruby s small span ' +
    'strong strike sub sup table tt u ul var',
);
/** browsers open them again behind a block that was closed over them */
export const formattingTags = set('a b big code em font i nobr s small strike strong tt u');
export const tableTags = set('table tbody td tfoot th thead tr caption colgroup');
/** an end tag does not reach beyond them, unless it is a table's own */
export const scopeTags = set('table td th caption');
/** they end an open paragraph */
export const endsParagraph = set(
  'address article aside blockquote center dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table ul',
);

const tagAttributes = wordTable<ReadonlySet<string>>({
  img: set('alt hspace vspace'),
  area: set('alt shape coords'),
  font: set('face size'),
  ol: set('start type'),
  ul: set('type'),
  li: set('value type'),
  table: set('border cellpadding cellspacing frame rules summary'),
  td: set('colspan rowspan nowrap headers scope'),
  th: set('colspan rowspan nowrap headers scope'),
  col: set('span'),
  colgroup: set('span'),
  blockquote: set('type'),
  hr: set('noshade size'),
  br: set('clear'),
  del: set('datetime'),
  ins: set('datetime'),
});
const everywhere = set('dir lang title align valign width height');

export const isAllowedAttribute = (tag: string, name: string): boolean =>
  everywhere.has(name) || tagAttributes.get(tag)?.has(name) === true;
