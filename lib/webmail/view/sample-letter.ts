import type { LetterPart } from '../../mime/letter-part.ts';
import type { ViewTask } from './letter-view.ts';

/** What letters are made of, so often that a worker compiles what reads them before the first of them comes. */
function sampleHtml(): string {
  const head =
    '<!doctype html><html lang="de"><head><title>a</title><style>.a{width:600px}.b{font:14px/20px Arial,sans-serif;color:#222}@media(max-width:600px){.a{width:100%!important}}</style></head><body bgcolor="#eef1f4" style="margin:0"><table width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="center">';
  const thing = (at: number): string =>
    `<table class="a" width="600" border="0" style="background-color:#fff;border-bottom:1px solid #d8dde3"><tr><td width="180" valign="top" style="padding:12px ${at % 40}px"><a href="https://a.example/b/${at}?c=d&amp;e=f" style="text-decoration:none;color:#${(0x123456 + at * 771).toString(16)}"><img src="https://c.example/${at}.jpg" width="160" height="120" alt="B ${at}" style="display:block;border:0"></a></td><td class="b" valign="top"><h2>Größe ${at}</h2><p class="b" style="margin:0 0 ${at % 30}px;font-size:${10 + (at % 9)}px"><b>a</b> &uuml;ber <font color="#c8102e" face="Arial">b</font>,<br>c&nbsp;&amp; d</p><ul><li>e</li></ul><div><span>f</span></div></td></tr></table>`;
  return `${head}${Array.from({ length: things }, (_, at) => thing(at)).join('\r\n')}</td></tr></table></body></html>`;
}
const things = 200;

/** As most programs write it: every sign that is not ASCII, and "=", by its number. */
const quotedPrintable = (text: string): Buffer =>
  Buffer.from(
    Buffer.from(text)
      .toString('latin1')
      .replace(/[=\x80-\xff]/g, (sign) => `=${sign.charCodeAt(0).toString(16).toUpperCase()}`)
      .replace(/(?:=[0-9A-F]{2}|[^=\r\n]){60}/g, '$&=\r\n'),
    'latin1',
  );

/** A task that a worker does for nobody, so that the first letter is shown as fast as the next. */
export const sampleTask = (): ViewTask => {
  made ??= makeTask();
  return made;
};
let made: ViewTask | undefined;

function makeTask(): ViewTask {
  const bytes = quotedPrintable(sampleHtml());
  const root: LetterPart = {
    ...{ section: '1', type: 'text', subtype: 'html', encoding: 'quoted-printable', parameters: [{ name: 'charset', value: 'utf-8' }] },
    ...{ contentId: '', location: '', disposition: '', dispositionParameters: [], sizeBytes: bytes.length, children: [], innerSubject: '' },
  };
  const options = {
    partAddress: '/',
    partPrefix: '',
    images: 'blocked',
    imageKey: new Uint8Array(),
    dark: true,
    characters: bytes.length,
  } as const;
  return { kind: 'view', root, parts: [{ section: '1', bytes, cut: false }], options };
}
