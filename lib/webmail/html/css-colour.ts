/** Colours of letters: read, and brought to what they become in the dark. Lightness changes, hue stays. */

export interface Colour {
  /** 0 to 255 */
  red: number;
  green: number;
  blue: number;
  /** 0 to 1 */
  alpha: number;
}

export type ColourUse = 'text' | 'background' | 'border';

const NAMES =
  'aliceblue f0f8ff antiquewhite faebd7 aqua 00ffff aquamarine 7fffd4 azure f0ffff beige f5f5dc bisque ffe4c4 black 000000 blanchedalmond ffebcd ' +
  'blue 0000ff blueviolet 8a2be2 brown a52a2a burlywood deb887 cadetblue 5f9ea0 chartreuse 7fff00 chocolate d2691e coral ff7f50 cornflowerblue ' +
  '6495ed cornsilk fff8dc crimson dc143c cyan 00ffff darkblue 00008b darkcyan 008b8b darkgoldenrod b8860b darkgray a9a9a9 darkgreen 006400 ' +
  'darkgrey a9a9a9 darkkhaki bdb76b darkmagenta 8b008b darkolivegreen 556b2f darkorange ff8c00 darkorchid 9932cc darkred 8b0000 darksalmon e9967a ' +
  'darkseagreen 8fbc8f darkslateblue 483d8b darkslategray 2f4f4f darkslategrey 2f4f4f darkturquoise 00ced1 darkviolet 9400d3 deeppink ff1493 ' +
  'deepskyblue 00bfff dimgray 696969 dimgrey 696969 dodgerblue 1e90ff firebrick b22222 floralwhite fffaf0 forestgreen 228b22 fuchsia ff00ff ' +
  'gainsboro dcdcdc ghostwhite f8f8ff gold ffd700 goldenrod daa520 gray 808080 green 008000 greenyellow adff2f grey 808080 honeydew f0fff0 hotpink ' +
  'ff69b4 indianred cd5c5c indigo 4b0082 ivory fffff0 khaki f0e68c lavender e6e6fa lavenderblush fff0f5 lawngreen 7cfc00 lemonchiffon fffacd ' +
  'lightblue add8e6 lightcoral f08080 lightcyan e0ffff lightgoldenrodyellow fafad2 lightgray d3d3d3 lightgreen 90ee90 lightgrey d3d3d3 lightpink ' +
  'ffb6c1 lightsalmon ffa07a lightseagreen 20b2aa lightskyblue 87cefa lightslategray 778899 lightslategrey 778899 lightsteelblue b0c4de lightyellow ' +
  'ffffe0 lime 00ff00 limegreen 32cd32 linen faf0e6 magenta ff00ff maroon 800000 mediumaquamarine 66cdaa mediumblue 0000cd mediumorchid ba55d3 ' +
  'mediumpurple 9370db mediumseagreen 3cb371 mediumslateblue 7b68ee mediumspringgreen 00fa9a mediumturquoise 48d1cc mediumvioletred c71585 ' +
  'midnightblue 191970 mintcream f5fffa mistyrose ffe4e1 moccasin ffe4b5 navajowhite ffdead navy 000080 oldlace fdf5e6 olive 808000 olivedrab 6b8e23 ' +
  'orange ffa500 orangered ff4500 orchid da70d6 palegoldenrod eee8aa palegreen 98fb98 paleturquoise afeeee palevioletred db7093 papayawhip ffefd5 ' +
  'peachpuff ffdab9 peru cd853f pink ffc0cb plum dda0dd powderblue b0e0e6 purple 800080 rebeccapurple 663399 red ff0000 rosybrown bc8f8f royalblue ' +
  '4169e1 saddlebrown 8b4513 salmon fa8072 sandybrown f4a460 seagreen 2e8b57 seashell fff5ee sienna a0522d silver c0c0c0 skyblue 87ceeb slateblue ' +
  '6a5acd slategray 708090 slategrey 708090 snow fffafa springgreen 00ff7f steelblue 4682b4 tan d2b48c teal 008080 thistle d8bfd8 tomato ff6347 ' +
  'turquoise 40e0d0 violet ee82ee wheat f5deb3 white ffffff whitesmoke f5f5f5 yellow ffff00 yellowgreen 9acd32 ' +
  // system colours that programs write, as they look on a white page
  'windowtext 000000 window ffffff canvas ffffff canvastext 000000 buttonface f0f0f0 buttontext 000000 highlight 0078d7 highlighttext ffffff ' +
  'infobackground ffffe1 infotext 000000 menu f0f0f0 menutext 000000 graytext 6d6d6d linktext 0000ee';

const named = new Map<string, string>();
const words = NAMES.split(' ');
for (let at = 0; at + 1 < words.length; at += 2) named.set(words[at] ?? '', words[at + 1] ?? '');

export const namedColour = (name: string): Colour | null => {
  const hex = named.get(name.toLowerCase());
  return hex === undefined ? null : hexColour(hex);
};

/** "fff", "ffff", "ffffff", "ffffffff", without the sign. */
export function hexColour(digits: string): Colour | null {
  if (!/^([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(digits)) return null;
  const long = digits.length < 6 ? [...digits].map((digit) => digit + digit).join('') : digits;
  const byte = (at: number): number => Number.parseInt(long.slice(at, at + 2), 16);
  return { red: byte(0), green: byte(2), blue: byte(4), alpha: long.length === 8 ? byte(6) / 255 : 1 };
}

/** rgb(), rgba(), hsl(), hsla(): numbers with their units, as they stand between the brackets. */
export function functionColour(name: string, values: readonly string[]): Colour | null {
  if (values.length < 3 || values.length > 4) return null;
  const [first = '', second = '', third = '', fourth] = values;
  const alpha = fourth === undefined ? 1 : share(fourth, 1);
  if (name.startsWith('rgb')) return checked({ red: share(first, 255), green: share(second, 255), blue: share(third, 255), alpha });
  const hue = hueOf(first);
  const saturation = Math.min(1, Math.max(0, Number.parseFloat(second) / 100));
  const lightness = Math.min(1, Math.max(0, Number.parseFloat(third) / 100));
  const channel = (n: number): number => {
    const k = (n + hue / 30) % 12;
    return 255 * (lightness - saturation * Math.min(lightness, 1 - lightness) * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return checked({ red: channel(0), green: channel(8), blue: channel(4), alpha });
}

/** In degrees, from 0 to 360. */
export function hueOf(text: string): number {
  const turn = text.endsWith('turn') ? 360 : text.endsWith('rad') && !text.endsWith('grad') ? 180 / Math.PI : 1;
  return (((Number.parseFloat(text) * turn) % 360) + 360) % 360;
}

/** The value of an old attribute: a name, or hexadecimal digits with or without the sign. */
export const attributeColour = (value: string): Colour | null => {
  const text = value.trim();
  return namedColour(text) ?? hexColour(text.replace(/^#/, '')) ?? rgbText(text) ?? mistypedColour(text);
};

/** "#fffff", "#ffffff;": where a colour was meant, what its first digits say. */
const mistypedColour = (text: string): Colour | null => {
  const digits = /^#?([0-9a-f]{5,6})/i.exec(text)?.[1];
  return digits === undefined ? null : hexColour(digits.padEnd(6, '0'));
};

const rgbText = (text: string): Colour | null => {
  const match = /^(rgba?)\(([\d\s.,%/]{1,60})\)$/i.exec(text);
  return match?.[1] && match[2] ? functionColour(match[1].toLowerCase(), match[2].split(/[\s,/]+/).filter(Boolean)) : null;
};

export function share(text: string, whole: number): number {
  const value = Number.parseFloat(text);
  return Math.min(whole, Math.max(0, text.endsWith('%') ? (value / 100) * whole : value));
}

const checked = (colour: Colour): Colour | null =>
  [colour.red, colour.green, colour.blue, colour.alpha].every(Number.isFinite)
    ? { red: Math.round(colour.red), green: Math.round(colour.green), blue: Math.round(colour.blue), alpha: colour.alpha }
    : null;

export function writeColour({ red, green, blue, alpha }: Colour): string {
  if (alpha < 1) return `rgba(${red},${green},${blue},${Math.round(alpha * 1000) / 1000})`;
  return `#${[red, green, blue].map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** A colour in the light and in the dark. The browser takes the one of the frame's `color-scheme`. */
export function bothSchemes(colour: Colour, use: ColourUse): string {
  if (colour.alpha === 0) return 'transparent';
  const key = `${use}${colour.red},${colour.green},${colour.blue},${colour.alpha}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const both = `light-dark(${writeColour(colour)},${writeColour(inTheDark(colour, use))})`;
  if (remembered.size < 5000) remembered.set(key, both);
  return both;
}
const remembered = new Map<string, string>();

/** Text ends light, what is behind it ends dark, whatever they were: so neither meets the other. OKLab (Ottosson 2020) keeps the hue. */
function inTheDark(colour: Colour, use: ColourUse): Colour {
  const [lightness, a, given] = toOklab(colour);
  // white and greys take the tone of the page: else they lie on it as patches
  const b = use === 'background' && lightness > 0.5 && Math.hypot(a, given) < 0.02 ? given + pageTone : given;
  const target = darkLightness(lightness, Math.hypot(a, given), use);
  for (let saturation = 1; saturation > 0.05; saturation -= 0.1) {
    const found = fromOklab(target, a * saturation, b * saturation);
    if (found.every((value) => value >= -0.002 && value <= 1.002)) return fromShares(found, colour.alpha);
  }
  return fromShares(fromOklab(target, 0, 0), colour.alpha);
}

/** blue of the frame's dark background (#1c202a), in OKLab */
const pageTone = -0.019;

/** What is vivid is meant to be seen: a word that was marked yellow, a cell that is green or red. It stays lighter than what only lies behind a text. */
function darkLightness(lightness: number, vividness: number, use: ColourUse): number {
  if (use === 'text') return lightness < 0.6 ? 0.93 - lightness * 0.35 : Math.max(0.72, Math.min(0.95, lightness));
  if (use === 'border') return lightness > 0.5 ? 0.36 + (1 - lightness) * 0.4 : 0.56;
  const behind = lightness > 0.5 ? 0.243 + (1 - lightness) * 0.4 + vividness * 0.7 : Math.max(0.17, lightness);
  return Math.min(0.44, behind);
}

export const linear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
export const gamma = (value: number): number => (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055);

export function toOklab({ red, green, blue }: Colour): [number, number, number] {
  const [r, g, b] = [linear(red / 255), linear(green / 255), linear(blue / 255)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

export function fromOklab(lightness: number, a: number, b: number): [number, number, number] {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    gamma(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

export const fromShares = ([red, green, blue]: readonly number[], alpha: number): Colour => {
  const byte = (value = 0): number => Math.round(Math.min(1, Math.max(0, value)) * 255);
  return { red: byte(red), green: byte(green), blue: byte(blue), alpha };
};
