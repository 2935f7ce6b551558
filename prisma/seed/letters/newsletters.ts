import type { Letter } from '../letter.ts';

const bulk = (domain: string): Record<string, string> => ({
  'List-Unsubscribe': `<https://www.${domain}/abmelden?id=48213>, <mailto:abmelden@${domain}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  Precedence: 'bulk',
});

/** The frame that newsletters have: a table in the middle, a picture on top, a pixel that counts readers at the end. */
const frame = (domain: string, colour: string, brand: string, body: string): string => `<!DOCTYPE html>
<html lang="de"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${brand}</title>
<style>.button{background:${colour};color:#ffffff;padding:12px 22px;text-decoration:none;border-radius:4px;display:inline-block}h1{font-size:24px;margin:0 0 12px}</style></head>
<body style="margin:0;background:#f2f0ea;font-family:Arial,Helvetica,sans-serif;color:#222222">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="600" cellpadding="0" cellspacing="0" style="max-width:600px;width:100%;background:#ffffff">
<tr><td style="background:${colour};color:#ffffff;padding:18px 28px;font-size:20px;font-weight:bold">${brand}</td></tr>
<tr><td><img src="https://bilder.${domain}/kopf-2026-11.jpg" width="600" alt="${brand}" style="display:block;width:100%;height:auto"></td></tr>
<tr><td style="padding:28px;font-size:15px;line-height:1.5">${body}</td></tr>
<tr><td style="padding:18px 28px;font-size:12px;color:#777777;border-top:1px solid #e5e2da">Sie erhalten diese E-Mail, weil Sie sich angemeldet haben. <a href="https://www.${domain}/abmelden?id=48213" style="color:#777777">Abmelden</a></td></tr>
</table></td></tr></table>
<img src="https://zaehler.${domain}/o.gif?m=48213" width="1" height="1" alt="">
</body></html>`;

/** HTML newsletters with pictures that lie elsewhere. */
export const newsletters: Letter[] = [
  {
    id: 'holzforum-11',
    at: [1, '11:30'],
    from: { name: 'Holzforum Steiermark', address: 'einladung@holzforum-stmk.example' },
    subject: 'Einladung: Bauen mit Lärche, Vortragsabend in Leoben',
    headers: bulk('holzforum-stmk.example'),
    text: `Wir freuen uns auf Sie am 3. Dezember um 18:30 Uhr in der Alten Schmiede in Leoben.

Bauen mit Lärche: drei Vorträge, ein Gespräch und danach Suppe.

Anmeldung: https://www.holzforum-stmk.example/leoben`,
    html: frame(
      'holzforum-stmk.example',
      '#2f5d3a',
      'Holzforum Steiermark',
      `<h1>Bauen mit Lärche</h1><p>Wir freuen uns auf Sie am <strong>3. Dezember um 18:30 Uhr</strong> in der Alten Schmiede in Leoben.</p>
<ul><li>Univ.-Prof. Gerda Zöhrer: Warum die Lärche grau werden darf</li><li>Ing. Peter Schöffmann: Fassaden ohne Anstrich, zwanzig Jahre danach</li><li>Zimmerei Moser: Drei Dächer über der Mur</li></ul>
<p>Danach gibt es Suppe, Brot und Zeit für Gespräche. Der Eintritt ist frei, um Anmeldung wird gebeten.</p>
<p><a class="button" href="https://www.holzforum-stmk.example/leoben">Zur Anmeldung</a></p>`,
    ),
  },
  {
    id: 'werkzeug-47',
    at: [2, '06:00'],
    from: { name: 'Werkzeughaus Gruber', address: 'aktion@werkzeughaus-gruber.example' },
    subject: '🔧 Nur diese Woche: −20 % auf Stemmeisen und Japansägen',
    headers: bulk('werkzeughaus-gruber.example'),
    text: 'Nur bis Samstag: 20 % auf alle Stemmeisen und Japansägen. Online und in der Filiale Graz-Gösting.',
    html: frame(
      'werkzeughaus-gruber.example',
      '#b3261e',
      'Werkzeughaus Gruber',
      `<h1>−20 % auf alles, was scharf ist</h1><table role="presentation" width="100%"><tr>
<td width="50%" style="padding:8px"><img src="https://bilder.werkzeughaus-gruber.example/stemmeisen.jpg" width="240" alt="Satz Stemmeisen, sechs Stück"><br><strong>Stemmeisen, 6 Stück</strong><br><s>€ 149,00</s> € 119,20</td>
<td width="50%" style="padding:8px"><img src="https://bilder.werkzeughaus-gruber.example/ryoba.jpg" width="240" alt="Japansäge Ryoba 240"><br><strong>Japansäge Ryoba 240</strong><br><s>€ 54,90</s> € 43,92</td></tr></table>
<p><a class="button" href="https://www.werkzeughaus-gruber.example/aktion">Zur Aktion</a></p><p>Gültig bis Samstag, solange der Vorrat reicht.</p>`,
    ),
    marks: ['seen'],
  },
  {
    id: 'joinery-weekly-211',
    at: [6, '17:00'],
    from: { name: 'Joinery Weekly', address: 'editor@joinery-weekly.example' },
    subject: 'Joinery Weekly #211: the case for dry pegs',
    headers: bulk('joinery-weekly.example'),
    text: 'This week: why green oak and dry pegs belong together, a workshop in Vorarlberg, and your letters.',
    html: frame(
      'joinery-weekly.example',
      '#3b4a6b',
      'Joinery Weekly',
      `<h1>The case for dry pegs</h1><p>Green oak shrinks, and it shrinks around whatever you put into it. Our readers from Kent measured it over eleven years.</p>
<h2 style="font-size:18px">A workshop in Vorarlberg</h2><p>Six people, one bandsaw and a waiting list of three years.</p><p><a class="button" href="https://www.joinery-weekly.example/211">Read on</a></p>`,
    ),
    marks: ['seen'],
    folder: 'Archive',
  },
  {
    id: 'bahn-angebot',
    at: [9, '05:45'],
    from: { name: 'Bahnreise', address: 'service@bahnreise.example' },
    subject: 'Ihre Punkte verfallen am 31. Dezember',
    headers: bulk('bahnreise.example'),
    text: '1.240 Punkte warten auf Sie. Einlösen bis 31. Dezember.',
    html: frame(
      'bahnreise.example',
      '#7a1f2b',
      'Bahnreise',
      '<h1>1.240 Punkte warten auf Sie</h1><p>Lösen Sie Ihre Punkte bis 31. Dezember ein, zum Beispiel für eine Fahrt erster Klasse von Graz nach Wien.</p><p><a class="button" href="https://www.bahnreise.example/punkte">Punkte einlösen</a></p>',
    ),
    marks: ['seen'],
  },
];
