import { brokenRuns } from '#lib/webmail/html/broken-runs.ts';
import { carryHtml } from '#lib/webmail/html/carry-html.ts';
import { attributeColour, hexColour, namedColour } from '#lib/webmail/html/css-colour.ts';
import { parseDeclarations, parseStyleSheet } from '#lib/webmail/html/css-syntax.ts';
import { CssVariables } from '#lib/webmail/html/css-variables.ts';
import { DrawingCost } from '#lib/webmail/html/drawing-cost.ts';
import { escapeHtml } from '#lib/webmail/html/escape-html.ts';
import { allowedTarget } from '#lib/webmail/remote/fetch-remote-image.ts';
import { Choice, fieldText, isFilledIn } from '#lib/webmail/html/form-text.ts';
import { LetterPictures } from '#lib/webmail/html/letter-pictures.ts';
import { misleadingHost } from '#lib/webmail/html/misleading-link.ts';
import { allowedValue } from '#lib/webmail/html/safe-properties.ts';
import { safeStyleAttribute, safeStyleSheet, withinUrl, writeValue } from '#lib/webmail/html/safe-css.ts';
import { safeSelectors } from '#lib/webmail/html/safe-selector.ts';
import { sanitizeMailHtml } from '#lib/webmail/html/sanitize-mail-html.ts';
import { openSealedImage, sealedImageAddress } from '#lib/webmail/remote/seal-image-address.ts';
import { drawnAs, symbolFont } from '#lib/webmail/html/symbol-fonts.ts';
import { drawnAbove, quoteKind } from '#lib/webmail/html/tail-quote.ts';
import type { CostRow } from '#tests/support/cost-gate.ts';

const of = (file: string, name: string): string => `lib/webmail/${file}.ts ${name}`;
const filled = (unit: string) => (size: number) => unit.repeat(Math.ceil(size / unit.length));

const css = { scope: 'm0', dark: true, picture: () => null };
const pictures = { inlineImage: () => null, remoteImage: null, dark: true };
const key = Buffer.alloc(32);
/** every attribute that the function reads has the shape as its value */
const attributes = (text: string): Map<string, string> =>
  new Map(['style', 'class', 'id', 'name', 'type', 'value', 'src', 'srcset', 'width', 'height'].map((name) => [name, text]));

/** what browsers' parsers and ours stumble over, in HTML */
export const htmlShapes = {
  'nested divs, foreign end tags': (size: number) => '<div>'.repeat(size / 10) + '</span>'.repeat(size / 14),
  'tags alike': filled('<td style="color:red">'),
  'tags alike to their first bracket': filled('<td title=">" style="color:red">'),
  'tags unlike': (size: number) => Array.from({ length: size / 24 }, (_, at) => `<td style="width:${at}px">`).join(''),
  'nested formatting': filled('<b><i><font color=red>'),
  'formatting over paragraphs': (size: number) => '<b><i><u>'.repeat(10) + '<p>'.repeat(size / 3),
  'nested tables': filled('<table><tr><td>'),
  'nested lists': filled('<ul><li>'),
  'many attributes': (size: number) => `<a ${Array.from({ length: size / 8 }, (_, at) => `x${at}`).join(' ')}>`,
  'style attributes': (size: number) => Array.from({ length: size / 40 }, (_, at) => `<p style="margin:0 ${at}px">x</p>`).join(''),
  'unclosed SVG': filled('<svg>'),
  'unclosed XML': filled('<xml>'),
  'unclosed style with blanks': filled(`<style></style${' '.repeat(300)}`),
  'images by name': filled('<img src=cid:x>'),
};
const cssShapes = {
  'bad declarations': (size: number) => `a{${'$x;'.repeat(size / 3)}}`,
  'bad values': (size: number) => `a{${'color:};{x:1;'.repeat(size / 13)}`,
  'good rules': filled('a{color:red}'),
  'many selectors': (size: number) => `${'a,'.repeat(size / 2)}b{color:red}`,
  'open attribute selectors': filled('a[b{c:d}'),
  'nested media': filled('@media x{'),
  'nested scopes': filled('@scope{'),
  'rules in nested scopes': filled('@scope{body,a{color:red}'),
  'open functions': (size: number) => `a{color:${'rgb('.repeat(size / 4)}`,
};

/** What css-tree takes for a text beyond 32 KiB comes from the system anew each time, which costs more than to read it: shorter ones are another matter. */
const sheets = {
  size: 36_864,
  shapes: cssShapes,
  without: [
    ...[
      'addresses',
      'dots',
      'groups',
      'parameters',
      'continued parameters',
      'tags of a signature',
      'references',
      'open references',
      'replies',
    ],
    ...[
      'encoded words',
      'beginnings of encoded words',
      'blobs',
      'forwards',
      'trailers',
      'sets',
      'ranges',
      'soft line ends',
      'padding',
      'lines',
    ],
  ],
};

export const htmlRows: CostRow[] = [
  { entry: of('html/sanitize-mail-html', 'sanitizeMailHtml'), run: (text) => sanitizeMailHtml(text, pictures), shapes: htmlShapes },
  {
    entry: of('html/carry-html', 'carryHtml'),
    run: (text) => carryHtml(text, []),
    shapes: { ...htmlShapes, 'pictures from elsewhere': filled('<img src=https://a.at/b>') },
  },
  { entry: of('html/safe-css', 'safeStyleSheet'), run: (text) => safeStyleSheet(text, css), ...sheets },
  { entry: of('html/safe-css', 'safeStyleAttribute'), run: (text) => safeStyleAttribute(text, css), size: 5000 },
  { entry: of('html/safe-css', 'writeValue'), run: (text) => writeValue('background', text, css), size: 5000, shapes: cssShapes },
  { entry: of('html/safe-css', 'withinUrl'), run: withinUrl },
  { entry: of('html/css-syntax', 'parseStyleSheet'), run: parseStyleSheet, ...sheets },
  { entry: of('html/css-syntax', 'parseDeclarations'), run: parseDeclarations, ...sheets },
  { entry: of('html/safe-selector', 'safeSelectors'), run: (text) => safeSelectors(text, { scope: 'm0' }), size: 5000 },
  {
    entry: of('html/css-variables', 'CssVariables'),
    run: (text) => {
      const variables = new CssVariables();
      safeStyleSheet(text, { ...css, variables });
    },
    size: 4000,
    shapes: {
      'many of them': (size) => `:root{${Array.from({ length: size / 12 }, (_, at) => `--a${at}:red;`).join('')}}p{color:var(--a1)}`,
      'each twice the last': (size) =>
        `:root{--a0:red;${Array.from({ length: size / 24 }, (_, at) => `--a${at + 1}:var(--a${at}) var(--a${at});`).join('')}}p{margin:var(--a20)}`,
      'used again and again': (size) => `:root{--a:${'1px '.repeat(size / 8)}}${'p{margin:var(--a)}'.repeat(size / 36)}`,
    },
  },
  { entry: of('html/css-colour', 'attributeColour'), run: attributeColour },
  { entry: of('html/css-colour', 'hexColour'), run: hexColour, shapes: { digits: filled('f') } },
  { entry: of('html/css-colour', 'namedColour'), run: namedColour },
  {
    entry: of('html/broken-runs', 'brokenRuns'),
    run: (text) => text.split('x').map(brokenRuns().pieces),
    shapes: { marks: filled('a\u0301'), joiners: filled('\u200d'), letters: filled('ก') },
  },
  {
    entry: of('html/drawing-cost', 'DrawingCost'),
    run: (text) => {
      const cost = new DrawingCost();
      cost.rule([text], 'color:red;display:grid', 1);
      for (const piece of text.split(','))
        cost.open('td', `<td class="${piece.slice(0, 5000)}" rowspan="${piece.slice(0, 5000)}">`, 9, true);
      cost.closedTo(0);
      return cost.levelled(text) + String(cost.isBearable);
    },
    shapes: {
      ...cssShapes,
      'names and brackets': filled('.a:not(.b,.c) .d,'),
      spans: filled(' rowspan="1",'),
      displays: filled('"display:table;'),
    },
  },
  { entry: of('html/escape-html', 'escapeHtml'), run: escapeHtml },
  { entry: of('html/safe-properties', 'allowedValue'), run: (text) => allowedValue('background', text) },
  {
    entry: of('html/safe-properties', 'allowedValue'),
    place: 'margin',
    run: (text) => allowedValue('margin', text),
    shapes: { far: filled('-1') },
  },
  { entry: of('html/form-text', 'fieldText'), run: (text) => fieldText(attributes(text)) },
  { entry: of('html/form-text', 'isFilledIn'), run: (text) => isFilledIn(attributes(text)) },
  {
    entry: of('html/form-text', 'Choice'),
    run: (text) => {
      const choice = new Choice();
      for (const word of text.split(' ')) {
        choice.begin(new Map());
        choice.text(word);
      }
      return choice.shown;
    },
  },
  {
    entry: of('html/letter-pictures', 'LetterPictures'),
    run: (text) => {
      const found = new LetterPictures({ ...pictures, remoteImage: (url: string) => url });
      found.source(attributes(text), false);
      found.background(text);
    },
    shapes: {
      data: (size) => `data:image/png;base64,${'A'.repeat(size)}`,
      'data with parameters': (size) => `data:image/png${';a=b'.repeat(size / 4)}`,
      sizes: filled('a 1x, '),
      slashes: filled('//a/open/'),
    },
  },
  {
    entry: of('html/misleading-link', 'misleadingHost'),
    run: (text) => misleadingHost(text, 'https://a.at/'),
    shapes: { hosts: filled('a.') },
  },
  { entry: of('remote/fetch-remote-image', 'allowedTarget'), prepare: (shape) => `https://${shape}`, run: allowedTarget },
  {
    entry: of('remote/seal-image-address', 'sealedImageAddress'),
    prepare: (shape) => `https://a.at/${shape}`,
    run: (text) => sealedImageAddress(text, key),
  },
  { entry: of('remote/seal-image-address', 'openSealedImage'), run: (text) => openSealedImage(text, key) },
  { entry: of('html/symbol-fonts', 'symbolFont'), run: (text) => symbolFont(text, text), shapes: { fonts: filled('font-family:') } },
  { entry: of('html/symbol-fonts', 'drawnAs'), run: (text) => drawnAs(text, new Map()) },
  {
    entry: of('html/tail-quote', 'quoteKind'),
    run: (text) => [quoteKind('div', attributes(text)), quoteKind('blockquote', attributes(text))],
  },
  { entry: of('html/tail-quote', 'drawnAbove'), run: (text) => drawnAbove.test(text), shapes: { strokes: filled('-') } },
];

const sanitised = 'sanitizeMailHtml, which has a row';
const table = 'a table';
export const htmlSafe: Record<string, string> = {
  [of('html/letter-doctype', 'letterDoctype')]: 'a line of ours',
  [of('html/css-colour', 'bothSchemes')]: 'reckons with one colour',
  [of('html/css-colour', 'fromOklab')]: 'three numbers',
  [of('html/css-colour', 'fromShares')]: 'three numbers',
  [of('html/css-colour', 'functionColour')]: 'four numbers at most',
  [of('html/css-colour', 'gamma')]: 'one number',
  [of('html/css-colour', 'hueOf')]: 'one number',
  [of('html/css-colour', 'linear')]: 'one number',
  [of('html/css-colour', 'share')]: 'one number',
  [of('html/css-colour', 'toOklab')]: 'reckons with one colour',
  [of('html/read-colour', 'functionOfColours')]: 'writeValue, which has a row',
  [of('html/read-colour', 'isColourFunction')]: 'a table',
  [of('html/css-colour', 'writeColour')]: 'writes one colour',
  [of('remote/fetch-remote-image', 'requestPicture')]: 'bounded by bytes and time (tests/unit/webmail-images.test.ts)',
  [of('remote/fetch-remote-image', 'fetchRemoteImage')]: 'bounded by bytes, redirects and time (tests/unit/webmail-images.test.ts)',
  [of('html/html-tags', 'endsForeign')]: table,
  [of('html/html-tags', 'endsParagraph')]: table,
  [of('html/html-tags', 'formattingTags')]: table,
  [of('html/html-tags', 'hiddenTags')]: table,
  [of('html/html-tags', 'isAllowedAttribute')]: table,
  [of('html/html-tags', 'isAllowedTag')]: 'readHtml cuts names to 100 characters',
  [of('html/html-tags', 'replacedTags')]: table,
  [of('html/html-tags', 'scopeTags')]: table,
  [of('html/html-tags', 'tableTags')]: table,
  [of('html/html-tags', 'voidTags')]: table,
  [of('remote/image-address', 'imageAddress')]: 'sealedImageAddress, which has a row',
  [of('remote/image-address', 'imageKey')]: 'no text of a letter',
  [of('remote/image-address', 'openImage')]: 'openSealedImage, which has a row',
  [of('html/open-elements', 'OpenElements')]: sanitised,
  [of('html/read-html', 'readHtml')]: sanitised,
  [of('html/rebuild-attributes', 'rebuildAttributes')]: sanitised,
  [of('html/rebuild-html', 'RebuiltHtml')]: sanitised,
  [of('html/rebuild-tag', 'rebuildTag')]: sanitised,
  [of('html/rebuild-tag', 'isUnseen')]: sanitised,
  [of('remote/post-one-click', 'post')]: 'no text of a letter but an address that has a bound',
  [of('remote/post-one-click', 'postOneClick')]: 'no text of a letter but an address that has a bound',
  [of('remote/public-lookup', 'publicLookup')]: 'asks for a name whose length the URL bounds',
  [of('html/safe-properties', 'isAllowedProperty')]: table,
  [of('html/safe-css', 'saysElsewhere')]: 'safeStyleAttribute, which has a row',
  [of('html/safe-selector', 'scopedName')]: 'safeSelectors, which has a row',
  [of('html/tail-quote', 'TailQuote')]: sanitised,
  [of('html/tail-quote', 'pictureSign')]: 'a constant',
  [of('html/carry-html', 'betweenParts')]: 'a constant',
};
