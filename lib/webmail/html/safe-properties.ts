const properties = new Set(
  (
    'align-content align-items align-self aspect-ratio background background-clip background-color background-image background-origin ' +
    'background-position background-repeat background-size border border-bottom border-bottom-color border-bottom-left-radius ' +
    'border-bottom-right-radius border-bottom-style border-bottom-width border-block border-block-end border-block-start border-collapse border-color ' +
    'border-inline border-inline-end border-inline-start border-left border-left-color ' +
    'border-left-style border-left-width border-radius border-right border-right-color border-right-style border-right-width ' +
    'border-spacing border-style border-top border-top-color border-top-left-radius border-top-right-radius border-top-style ' +
    'border-top-width border-width box-shadow box-sizing caption-side clear color column-gap direction display empty-cells ' +
    'flex flex-basis flex-direction flex-grow flex-shrink flex-wrap float font font-family font-size font-style font-variant font-weight ' +
    'gap grid-column grid-row grid-template-columns grid-template-rows height justify-content justify-items justify-self ' +
    'letter-spacing line-height list-style list-style-position list-style-type margin margin-block margin-block-end margin-block-start ' +
    'margin-bottom margin-inline margin-inline-end margin-inline-start margin-left margin-right margin-top max-height max-width min-height ' +
    'min-width object-fit opacity order overflow overflow-wrap overflow-x padding padding-block padding-block-end padding-block-start ' +
    'padding-bottom padding-inline padding-inline-end padding-inline-start padding-left padding-right padding-top place-content ' +
    'place-items row-gap tab-size table-layout text-align text-align-last text-decoration text-decoration-color text-decoration-line ' +
    'text-decoration-style text-decoration-thickness text-indent text-transform text-underline-offset unicode-bidi vertical-align ' +
    'visibility white-space width word-break word-spacing word-wrap'
  ).split(' '),
);

export const isAllowedProperty = (property: string): boolean => properties.has(property);

const displays =
  /^(block|flow-root|inline|inline-block|flex|inline-flex|grid|inline-grid|table|inline-table|table-row|table-cell|table-row-group|table-header-group|table-footer-group|table-column|table-column-group|table-caption|list-item|none)$/i;
/** What an element is without its author: so newsletters show in a narrow window what was hidden. */
const ofItself = /^(initial|unset|revert)$/i;
const farAway = /(^|\s)-(\d{3,}|[5-9]\d)(\.\d+)?(px|pt|em|rem|%|cm|in|mm|pc|ex|ch)/;

/** What a few properties may not be set to, though each part of the value is harmless. */
export function allowedValue(property: string, value: string): boolean {
  if (value === '') return false;
  // a background in the shape of the letters leaves none behind the colour that they are given to be read
  if (property.startsWith('background') && /(^|[\s,])text($|[\s,])/i.test(value)) return false;
  // each is looked for, for each sign that none before it has
  if (property.startsWith('font') && value.split(',').length > 20) return false;
  if (ofItself.test(value)) return true;
  if (property === 'display') return displays.test(value);
  // out of sight: a trick of trackers, or something laid over something else
  if (property.startsWith('margin') || property === 'text-indent') return !farAway.test(value);
  // letters over one another
  if (property === 'letter-spacing' || property === 'word-spacing') return !/^-(\d{2,}|[3-9])/.test(value);
  if (property === 'visibility') return value === 'hidden' || value === 'visible' || value === 'collapse';
  if (property.startsWith('overflow')) return property === 'overflow-wrap' || /^(hidden|auto|scroll|visible|clip)$/i.test(value);
  return true;
}
