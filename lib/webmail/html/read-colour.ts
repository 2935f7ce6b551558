import type { CssNodePlain } from 'css-tree';
import {
  type Colour,
  fromOklab,
  fromShares,
  functionColour,
  gamma,
  hexColour,
  hueOf,
  linear,
  namedColour,
  share,
  toOklab,
} from './css-colour.ts';

/** The functions that mean a colour (css-color-4 and 5), with what stands between their brackets. */
export const isColourFunction = (name: string): boolean => /^((rgb|hsl)a?|(ok)?l(ab|ch)|color(-mix)?|light-dark)$/.test(name);

/** Null for what is no colour, or one of a kind that is not known here. */
export function functionOfColours(name: string, children: readonly CssNodePlain[]): Colour | null {
  if (name === 'color-mix') return mix(children);
  // which of both it is to be, the reader says
  if (name === 'light-dark') return colourOf(children[0]);
  const values = children.flatMap((child) => (child.type === 'Operator' ? [] : (valueText(child) ?? [])));
  if (values.length !== children.filter(({ type }) => type !== 'Operator').length) return null;
  return /^(rgb|hsl)/.test(name) ? functionColour(name, values) : wideColour(name, values);
}

function mix(children: readonly CssNodePlain[]): Colour | null {
  const commas = children.flatMap((child, at) => (child.type === 'Operator' && child.value.trim() === ',' ? [at] : []));
  const [first, second] = commas;
  if (commas.length !== 2 || first === undefined || second === undefined) return null;
  const [one, other] = [children.slice(first + 1, second), children.slice(second + 1)];
  const [ofOne, ofOther] = [part(one), part(other)];
  const [from, to] = [one, other].map((side) => colourOf(side.find(({ type }) => type !== 'Percentage')));
  if (!from || !to) return null;
  const whole = ofOne !== null && ofOther !== null ? ofOne + ofOther : 1;
  return mixedColour(from, to, whole > 0 ? (ofOne ?? 1 - (ofOther ?? 0.5)) / whole : 0.5);
}

const part = (side: readonly CssNodePlain[]): number | null => {
  const found = side.find((node) => node.type === 'Percentage');
  return found?.type === 'Percentage' ? Math.min(1, Math.max(0, Number(found.value) / 100)) : null;
};

function colourOf(node: CssNodePlain | undefined): Colour | null {
  if (node?.type === 'Hash') return hexColour(node.value);
  if (node?.type === 'Function') return functionOfColours(node.name.toLowerCase(), node.children);
  if (node?.type !== 'Identifier') return null;
  return node.name.toLowerCase() === 'transparent' ? { red: 0, green: 0, blue: 0, alpha: 0 } : namedColour(node.name);
}

/** A number, or a word: "none", and the space of `color()`. */
const valueText = (node: CssNodePlain): string | null => {
  if (node.type === 'Number') return node.value;
  if (node.type === 'Percentage') return `${node.value}%`;
  if (node.type === 'Dimension') return node.value + node.unit;
  return node.type === 'Identifier' ? node.name.toLowerCase() : null;
};

/**
 * The colours of css-color-4 and 5 that are not told by red, green and blue: what today's pages are made with, and so what is copied from them
 * into letters. What no screen of sRGB can show comes as near as each of its channels can.
 */
function wideColour(name: string, values: readonly string[]): Colour | null {
  const isNamed = name === 'color';
  const [first = '', second = '', third, fourth] = isNamed ? values.slice(1) : values;
  if (third === undefined || values.length > (isNamed ? 5 : 4)) return null;
  const shares = readers.get(isNamed ? (values[0] ?? '') : name)?.(first, second, third);
  return shares?.every(Number.isFinite) ? fromShares(shares, fourth === undefined ? 1 : share(fourth, 1) || 0) : null;
}

/** `color-mix()`: the first colour's part of 1, by OKLab. */
function mixedColour(one: Colour, other: Colour, part: number): Colour {
  const alpha = one.alpha * part + other.alpha * (1 - part);
  // what is seen through counts for less
  const weight = alpha === 0 ? part : (one.alpha * part) / alpha;
  const [from, to] = [toOklab(one), toOklab(other)];
  const mix = (at: 0 | 1 | 2): number => from[at] * weight + to[at] * (1 - weight);
  return fromShares(fromOklab(mix(0), mix(1), mix(2)), alpha);
}

type Shares = readonly number[];

type Reader = (first: string, second: string, third: string) => Shares;
const readers = new Map<string, Reader>([
  ['oklab', (l, a, b) => fromOklab(amount(l, 1), amount(a, 0.4), amount(b, 0.4))],
  ['oklch', (l, c, h) => fromOklab(amount(l, 1), ...around(amount(c, 0.4), h))],
  ['lab', (l, a, b) => fromLab(amount(l, 100), amount(a, 125), amount(b, 125))],
  ['lch', (l, c, h) => fromLab(amount(l, 100), ...around(amount(c, 150), h))],
  ['srgb', (...values) => values.map((value) => amount(value, 1))],
  ['srgb-linear', (...values) => values.map((value) => gamma(amount(value, 1)))],
  ['display-p3', (...values) => fromP3(values.map((value) => linear(amount(value, 1))))],
]);

const fromP3 = ([red = 0, green = 0, blue = 0]: Shares): Shares =>
  [1.2249 * red - 0.2249 * green, 1.0421 * green - 0.0421 * red, 1.0983 * blue - 0.0196 * red - 0.0786 * green].map(gamma);

/** A number, or so much of `whole`; "none" is none. */
const amount = (text: string, whole: number): number => (Number.parseFloat(text) || 0) * (text.endsWith('%') ? whole / 100 : 1);

function around(chroma: number, hue: string): [number, number] {
  const angle = ((hueOf(hue) || 0) * Math.PI) / 180;
  return [chroma * Math.cos(angle), chroma * Math.sin(angle)];
}

/** CIE Lab in the light of D50, by XYZ to sRGB in the light of D65. */
function fromLab(lightness: number, a: number, b: number): Shares {
  const y = (lightness + 16) / 116;
  const cube = (value: number): number => (value > 6 / 29 ? value ** 3 : 3 * (6 / 29) ** 2 * (value - 4 / 29));
  const [x, white, z] = [0.9643 * cube(y + a / 500), cube(y), 0.8251 * cube(y - b / 200)];
  return [
    gamma(3.1339 * x - 1.6169 * white - 0.4906 * z),
    gamma(-0.9788 * x + 1.9161 * white + 0.0335 * z),
    gamma(0.0719 * x - 0.229 * white + 1.4052 * z),
  ];
}
