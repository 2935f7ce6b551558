import { erika, type Letter, max } from '../letter.ts';

const anna = { name: 'Anna Leitner', address: 'anna@leitner-holz.example' };
const subject = 'Fensterläden Villa Rosenhain – Angebot und Termin';
const folder = 'Projekte/Villa Rosenhain';

/** The joiner's offer for the shutters: a thread of five, both ways, with attachments. */
export const fensterlaeden: Letter[] = [
  {
    id: 'laeden-1',
    at: [12, '15:22'],
    from: anna,
    cc: [erika],
    subject,
    text: `Guten Tag Herr Muster,

anbei unser Angebot für 14 Fensterläden in Lärche, geölt, mit Bändern aus verzinktem Stahl. Die Maße haben wir am Montag vor Ort genommen; die beiden Fenster im Stiegenhaus sind um 12 mm schmäler als im Plan.

Liefern könnten wir Mitte Jänner. Wenn Sie die Läden noch vor Weihnachten brauchen, müssten wir die Oberfläche auf der Baustelle machen, davon rate ich bei der Kälte aber ab.

Freundliche Grüße aus Birkfeld
Anna Leitner

Tischlerei Leitner · Hauptplatz 7 · 8190 Birkfeld`,
    attachments: [
      {
        filename: 'Angebot_2026-118.pdf',
        pdf: {
          title: 'Angebot 2026-118',
          lines: [
            'Tischlerei Leitner, Hauptplatz 7, 8190 Birkfeld',
            '',
            'Muster GmbH, z. Hd. Herrn Max Muster',
            'Bauvorhaben: Villa Rosenhain, Graz',
            '',
            '14 Stück Fensterläden, Lärche massiv, geölt          € 11.340,00',
            '28 Stück Bänder, Stahl verzinkt                      €    643,33',
            'Montage pauschal                                     € 0 (enthalten)',
            '',
            'Summe netto                                          € 11.983,33',
            '20 % USt.                                            €  2.396,67',
            'Gesamtbetrag                                         € 14.380,00',
            '',
            'Gültig bis 31. Dezember. Lieferzeit acht Wochen ab Freigabe.',
          ],
        },
      },
    ],
    marks: ['seen', 'answered'],
    folder,
  },
  {
    id: 'laeden-2',
    at: [11, '09:05'],
    from: max,
    to: [anna],
    subject: `Re: ${subject}`,
    answers: 'laeden-1',
    text: `Liebe Frau Leitner,

danke für das rasche Angebot. Zwei Fragen habe ich noch:

1. Ginge die Montage auch in der ersten Jännerwoche? Der Bauherr zieht am 16. ein.
2. An der Hofseite läuft neben dem rechten Fenster das Regenrohr. Gehen die Läden dort ganz auf?

Beste Grüße
Max Muster`,
    marks: ['seen'],
  },
  {
    id: 'laeden-3',
    at: [9, '11:48'],
    from: anna,
    subject: `Re: ${subject}`,
    answers: 'laeden-2',
    text: `Guten Tag Herr Muster,

zum Regenrohr: mit den normalen Bändern fehlen uns 4 cm. Ich sehe mir das am Donnerstag an, wenn ich ohnehin in Graz bin, und melde mich dann mit einem Vorschlag und mit dem Termin.

Könnten Sie mir bis dahin die Farbe bestätigen? Das Muster vom Montag war „Lärche natur, einmal geölt“.

Freundliche Grüße
Anna Leitner`,
    marks: ['seen', 'answered'],
    folder,
  },
  {
    id: 'laeden-4',
    at: [9, '13:30'],
    from: max,
    to: [anna],
    cc: [erika],
    subject: `Re: ${subject}`,
    answers: 'laeden-3',
    text: `Liebe Frau Leitner,

Farbe bestätigt: Lärche natur, zweimal geölt bitte. Die Wetterseite ist dort wirklich ausgesetzt.

Am Donnerstag ist unser Polier ab 7 Uhr auf der Baustelle, er sperrt Ihnen auf.

Beste Grüße
Max Muster`,
    marks: ['seen'],
  },
  {
    id: 'laeden-5',
    at: 47,
    from: anna,
    cc: [erika],
    subject: `Re: ${subject}`,
    answers: 'laeden-4',
    text: `Sehr geehrter Herr Muster,

gern beantworte ich Ihre beiden Fragen.

Die Lärchenläden können wir ab Montag, 11. Jänner montieren, wenn Ihre Freigabe bis 4. Dezember bei uns ist. Für die Hofseite würden wir die schmäleren Bänder nehmen, damit die Läden neben dem Regenrohr ganz aufgehen. Der Preis bleibt mit € 14.380,00 inklusive USt. unverändert.

Das überarbeitete Angebot und die Detailzeichnung liegen bei.

Freundliche Grüße aus Birkfeld
Anna Leitner`,
    html: 'from-text',
    attachments: [
      {
        filename: 'Angebot_2026-118_Rev1.pdf',
        pdf: {
          title: 'Angebot 2026-118, Revision 1',
          lines: [
            'Tischlerei Leitner, Hauptplatz 7, 8190 Birkfeld',
            '',
            'Bauvorhaben: Villa Rosenhain, Graz',
            '14 Stück Fensterläden, Lärche massiv, zweimal geölt',
            'Hofseite: Bänder schmal (Detail siehe Zeichnung)',
            '',
            'Gesamtbetrag inkl. USt.                              € 14.380,00',
            'Montage ab 11. Jänner bei Freigabe bis 4. Dezember.',
          ],
        },
      },
      { filename: 'Band_Hofseite.png', picture: 'hinge' },
      { filename: 'Lärche_geölt.png', picture: 'larch' },
    ],
    marks: ['flagged'],
  },
];
