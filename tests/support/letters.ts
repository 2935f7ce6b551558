/** Believable letters for measurements: German text in quoted-printable, most with HTML beside it, some with an attachment. */
export function buildLetter(number: number): Buffer {
  const random = randomNumbers(number * 7919 + 1);
  const words = (count: number): string => Array.from({ length: count }, () => WORDS[Math.floor(random() * WORDS.length)]).join(' ');
  const lines = Array.from({ length: 30 + Math.floor(random() * 20) }, () => words(7));
  const text = `Guten Tag,\r\n\r\n${lines.join('\r\n')}\r\n\r\nMit freundlichen Grüßen\r\nJörg Müller\r\n`;
  const paragraphs = text.split('\r\n').map((line) => `<p>${line}</p>\r\n<!-- ${random().toString(36).slice(2, 8)} -->\r\n`);
  const style = '<style>p{margin:0 0 6px;color:#222}</style>';
  const html = `<html><head>${style}</head><body>\r\n${paragraphs.join('')}</body></html>\r\n`;
  const plainPart = `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${quotedPrintable(text)}`;
  const htmlPart = `Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${quotedPrintable(html)}`;
  const alternative = `--=_alt${number}\r\n${plainPart}\r\n--=_alt${number}\r\n${htmlPart}\r\n--=_alt${number}--\r\n`;
  const header =
    `Message-ID: <b.${number}@bench.muster.test>\r\nDate: Mon, 3 Jan 2022 08:00:00 +0000\r\n` +
    'From: =?UTF-8?Q?J=C3=B6rg_M=C3=BCller?= <joerg.mueller@firma3.test>\r\nTo: Muster Person <muster@muster.test>\r\n' +
    `Subject: Re: =?UTF-8?Q?Besprechung_f=C3=BCr_die_Messe?= ${number}\r\nIn-Reply-To: <b.1@bench.muster.test>\r\n` +
    'References: <b.1@bench.muster.test>\r\nUser-Agent: Bench/1.0\r\nX-Spam-Score: 0.1\r\nMIME-Version: 1.0\r\n';
  if (random() < 0.6) {
    return Buffer.from(`${header}Content-Type: multipart/alternative; boundary="=_alt${number}"\r\n\r\n${alternative}`, 'latin1');
  }
  const attachment = Array.from({ length: 120 }, () => Buffer.from(words(9)).subarray(0, 57).toString('base64')).join('\r\n');
  return Buffer.from(
    `${header}Content-Type: multipart/mixed; boundary="=_mix${number}"\r\n\r\n--=_mix${number}\r\n` +
      `Content-Type: multipart/alternative; boundary="=_alt${number}"\r\n\r\n${alternative}\r\n--=_mix${number}\r\n` +
      `Content-Type: application/pdf; name="Anlage.pdf"\r\nContent-Disposition: attachment; filename="Anlage.pdf"\r\n` +
      `Content-Transfer-Encoding: base64\r\n\r\n${attachment}\r\n--=_mix${number}--\r\n`,
    'latin1',
  );
}

function quotedPrintable(text: string): string {
  return text
    .replace(/=/g, '=3D')
    .replace(/[^\r\n\x20-\x7e]/gu, (char) => [...Buffer.from(char)].map((byte) => `=${byte.toString(16).toUpperCase()}`).join(''));
}

/** mulberry32 */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const WORDS = (
  'Angebot Termin Besprechung Lieferung Vertrag Projekt Urlaub Bestellung Anfrage Protokoll Bericht Kunde Messe Werkstatt Schulung Büro ' +
  'Grüße Prüfung Übergabe Größe Straße Änderung Wärme und der die das mit für von nicht auch wenn wir Sie bitte heute morgen danke'
).split(' ');
