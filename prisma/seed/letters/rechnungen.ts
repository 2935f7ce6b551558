import { erika, type Letter, max } from '../letter.ts';

const steuer = { name: 'Steuerberatung Öllinger', address: 'kanzlei@oellinger-steuer.example' };

const invoice = (number: string, issuer: string, rows: string[]): { title: string; lines: string[] } => ({
  title: `Rechnung ${number}`,
  lines: [issuer, '', 'An: Muster GmbH, Herrengasse 3, 8010 Graz, UID ATU00000000', '', ...rows, '', 'Zahlbar binnen 14 Tagen ohne Abzug.'],
});

/** Money: invoices, the tax adviser, the bank. */
export const rechnungen: Letter[] = [
  {
    id: 'uva-1',
    at: [15, '08:30'],
    from: steuer,
    cc: [erika],
    subject: 'UVA Oktober – Belege',
    text: `Sehr geehrter Herr Muster,

für die Umsatzsteuervoranmeldung Oktober fehlen uns noch die Belege 412, 419 und die Monatsrechnung der Tankkarte. Bitte bis Ende der Woche nachreichen.

Mit freundlichen Grüßen
Mag. Sabine Öllinger`,
    marks: ['seen', 'answered'],
  },
  {
    id: 'uva-2',
    at: [14, '15:12'],
    from: max,
    to: [steuer],
    cc: [erika],
    subject: 'Re: UVA Oktober – Belege',
    answers: 'uva-1',
    text: `Sehr geehrte Frau Mag. Öllinger,

die drei Belege hat Frau Musterfrau heute in den Belegordner gelegt. Die Tankkarte rechnet neuerdings erst am 20. ab.

Freundliche Grüße
Max Muster`,
    marks: ['seen'],
  },
  {
    id: 'uva-3',
    at: 155,
    from: steuer,
    cc: [erika],
    subject: 'UVA Oktober – bitte um Freigabe',
    answers: 'uva-2',
    text: `Sehr geehrter Herr Muster,

die Umsatzsteuervoranmeldung für Oktober ist fertig. Die Zahllast beträgt € 3.214,60 und ist am 15. Dezember fällig.

Bitte geben Sie die UVA mit einer kurzen Antwort frei, wir übermitteln sie dann über FinanzOnline.

Mit freundlichen Grüßen
Mag. Sabine Öllinger`,
    attachments: [
      {
        filename: 'UVA_2026-10_Muster.pdf',
        pdf: {
          title: 'Umsatzsteuervoranmeldung 10/2026',
          lines: [
            'Muster GmbH',
            '',
            'Umsatzsteuer              €  8.940,20',
            'Vorsteuer                 €  5.725,60',
            'Zahllast                  €  3.214,60',
          ],
        },
      },
    ],
  },
  {
    id: 'oberhuber-auftrag',
    at: [3, '10:09'],
    from: { name: 'Sägewerk Oberhuber', address: 'verkauf@saegewerk-oberhuber.example' },
    cc: [erika],
    subject: 'Auftragsbestätigung 26-4471, Lieferung 23. Dezember, 7 Uhr',
    text: `Sehr geehrter Herr Muster,

wir danken für Ihren Auftrag und bestätigen: Bauholz laut Holzliste, C24, getrocknet auf 15 %, gehobelt. Lieferung mit Ladekran am Mittwoch, 23. Dezember um 7 Uhr, Leonhardstraße 48. Bitte halten Sie die Zufahrt frei.

Mit freundlichen Grüßen
Sägewerk Oberhuber KG, Murau`,
    marks: ['seen'],
  },
  {
    id: 'oberhuber-rechnung',
    at: [17, '12:00'],
    from: { name: 'Sägewerk Oberhuber', address: 'rechnung@saegewerk-oberhuber.example' },
    cc: [erika],
    subject: 'Rechnung 2026-3318',
    text: `Sehr geehrte Damen und Herren,

anbei erhalten Sie unsere Rechnung 2026-3318 über € 6.842,16.

Mit freundlichen Grüßen
Buchhaltung`,
    attachments: [
      {
        filename: 'Rechnung_2026-3318.pdf',
        pdf: invoice('2026-3318', 'Sägewerk Oberhuber KG, 8850 Murau', [
          'KVH Fichte C24, 12,4 m³              €  5.701,80',
          '20 % USt.                            €  1.140,36',
          'Rechnungsbetrag                      €  6.842,16',
        ]),
      },
    ],
    marks: ['seen'],
    folder: 'Rechnungen',
  },
  {
    id: 'strom-rechnung',
    at: [13, '03:14'],
    from: { name: 'Murstrom Kundenservice', address: 'keine-antwort@murstrom.example' },
    subject: 'Ihre Stromrechnung für Oktober ist da',
    text: `Guten Tag,

Ihre Stromrechnung für die Verbrauchsstelle Herrengasse 3 liegt bei. Der Betrag von € 187,40 wird am 30. November von Ihrem Konto abgebucht; Sie brauchen nichts zu tun.

Ihr Kundenservice`,
    html: 'from-text',
    attachments: [
      {
        filename: 'Rechnung_Oktober.pdf',
        pdf: invoice('MS-771204', 'Murstrom GmbH, 8020 Graz', [
          'Verbrauch 612 kWh                    €    156,17',
          '20 % USt.                            €     31,23',
          'Rechnungsbetrag                      €    187,40',
        ]),
      },
    ],
    marks: ['seen'],
    folder: 'Rechnungen',
  },
  {
    id: 'telefon-rechnung',
    at: [19, '04:02'],
    from: { name: 'Alpentel', address: 'rechnung@alpentel.example' },
    subject: 'Alpentel: Rechnung November, € 96,80',
    text: `Sehr geehrter Kunde,

Ihre Rechnung für November beträgt € 96,80 (3 Rufnummern, 1 Internetanschluss). Sie finden sie im Anhang.

Alpentel`,
    attachments: [
      {
        filename: 'Alpentel_2026-11.pdf',
        pdf: invoice('AT-2026-11-5521', 'Alpentel GmbH, 1030 Wien', [
          'Grundentgelte                        €     80,67',
          '20 % USt.                            €     16,13',
          'Rechnungsbetrag                      €     96,80',
        ]),
      },
    ],
    marks: ['seen'],
    folder: 'Rechnungen',
  },
  {
    id: 'mahnung',
    at: [1, '09:18'],
    from: { name: 'Gerüstbau Fasching', address: 'office@geruestbau-fasching.example' },
    cc: [erika],
    subject: 'Freundliche Erinnerung: Rechnung 1187',
    text: `Sehr geehrter Herr Muster,

sicher ist es Ihnen nur entgangen: unsere Rechnung 1187 vom 20. Oktober über € 2.460,00 ist noch offen. Falls sich die Zahlung mit diesem Schreiben überschnitten hat, betrachten Sie es bitte als gegenstandslos.

Mit freundlichen Grüßen
Karl Fasching`,
  },
  {
    id: 'bank',
    at: [10, '18:20'],
    from: { name: 'Murtalbank', address: 'service@murtalbank.example' },
    subject: 'Ihr neuer Kontoauszug liegt bereit',
    text: `Sehr geehrter Herr Muster,

im Onlinebanking liegt ein neuer Kontoauszug für Ihr Geschäftskonto bereit.

Wir schicken Ihnen niemals einen Link, über den Sie sich anmelden sollen.

Ihre Murtalbank`,
    marks: ['seen'],
  },
];
