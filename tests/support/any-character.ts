import fc from 'fast-check';

const [firstSurrogate, surrogates, codePoints] = [0xd800, 0x800, 0x110000];

/** Any character of Unicode, for `fc.string({ unit })`. fast-check's own of this kind ("binary") works seconds before it makes the first one. */
export const anyCharacter = fc
  .integer({ min: 0, max: codePoints - surrogates - 1 })
  .map((at) => String.fromCodePoint(at < firstSurrogate ? at : at + surrogates));
