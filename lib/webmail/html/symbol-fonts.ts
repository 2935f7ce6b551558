import { wordTable } from '../../mime/word-table.ts';

/**
 * Signs that Word and Outlook write as letters of a font of signs: where that font is not installed, "J" stands for a smile and "ü" for a tick.
 * They become what they look like.
 */
export type SymbolFont = ReadonlyMap<string, string>;

const table = (pairs: string): SymbolFont => new Map(pairs.split(' ').map((pair) => [pair.slice(0, 1), pair.slice(1)]));

const wingdings = table(
  'J☺ K😐 L☹ ü✓ û✗ þ☑ ý☒ o☐ q❑ r❒ n■ §▪ l● ¡○ v❖ u◆ w⬥ Ø➢ à→ ß← á↑ â↓ ã↖ ä↗ å↙ æ↘ è➔ ð⇨ ï⇦ ñ⇧ ò⇩ ó⬄ Ü➲ «★ ¶☆ (☎ )✆ *🖂 +📪 ,📫 !✏ "✂ #✁ $👓 %🔔 &📖 6⌛ 8🖰 C👍 D👎 E☜ F☞ G☝ H☟ I🖐 M💣 N☠ R☼ S💧 T❄ {❀ 0📁 1📂 2📄 ¤◉ ·🕐',
);
const symbol = table(
  '·• ®→ ¬← ­↑ ¯↓ «↔ Þ⇒ Ü⇐ Û⇔ £≤ ³≥ ¹≠ »≈ ´× ¸÷ ±± °° ¥∞ ¼… D∆ S∑ Ö√ ò∫ a\u03b1 b\u03b2 g\u03b3 d\u03b4 e\u03b5 z\u03b6 h\u03b7 q\u03b8 l\u03bb m\u03bc n\u03bd p\u03c0 r\u03c1 s\u03c3 t\u03c4 j\u03c6 c\u03c7 y\u03c8 w\u03c9 F\u03a6 G\u0393 L\u039b P\u03a0 Q\u0398 W\u03a9 Y\u03a8 X\u039e',
);

const fonts = wordTable<SymbolFont>({
  wingdings,
  symbol,
  'wingdings 2': table('P✓ O✗ R☑ Q☒ £☐'),
  'wingdings 3': table('f← g→ h↑ i↓ p▲ q▼ t◀ u▶ {◀ }▶'),
  webdings: table('a✓ r✗ 3◀ 4▶ 5▲ 6▼ Y♥ iℹ c□ g■ n●'),
});

const first = /^\s{0,20}["']?\s{0,20}(wingdings(?: [23])?|webdings|symbol)\s{0,20}["']?\s{0,20}(?:[,;]|$)/i;
const inStyle = /(?:^|;)\s{0,20}font-family\s{0,20}:([^;]{1,200})/i;

/** The font of signs that an element asks for; null for another font, undefined where it asks for none. */
export function symbolFont(style: string | undefined, face: string | undefined): SymbolFont | null | undefined {
  const asked = inStyle.exec((style ?? '').slice(0, 2000))?.[1] ?? face;
  if (asked === undefined) return /(?:^|;)\s{0,20}font\s{0,20}:/i.test((style ?? '').slice(0, 2000)) ? null : undefined;
  const name = first.exec(asked)?.[1]?.toLowerCase();
  return name === undefined ? null : (fonts.get(name) ?? null);
}

/** Word writes them as characters for private use, too: the letter's number and F000. */
export const drawnAs = (text: string, font: SymbolFont): string =>
  text.replace(/[!-~\u00a1-\u00ff\uf021-\uf0ff]/g, (sign) => {
    const letter = sign >= '\uf000' ? String.fromCharCode(sign.charCodeAt(0) - 0xf000) : sign;
    return font.get(letter) ?? sign;
  });
