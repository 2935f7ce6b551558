import { erika, type Letter, max } from '../letter.ts';

const florian = { name: 'Florian Größwang', address: 'florian@groesswang-statik.example' };
const notar = { name: 'Dr. Josef Straßer', address: 'kanzlei@notar-strasser.example' };
const elisabeth = { name: 'Elisabeth Hödl', address: 'elisabeth.hoedl@hoedl-weinbau.example' };
const magistrat = { name: 'Magistrat Graz, Bauamt', address: 'bauamt@magistrat-graz.example' };

/** Work of the office: structural engineer, notary, authority, a client. */
export const baustelle: Letter[] = [
  {
    id: 'statik-1',
    at: [6, '16:40'],
    from: florian,
    subject: 'Statik Dachausbau: Sparren 16/20 statt 14/18',
    text: `Servus Max,

ich habe die Schneelast für Zone 3 noch einmal gerechnet: mit der Gaube auf der Nordseite komme ich auf 3,2 kN/m² Verwehung. Die 14/18er Sparren sind damit bei 104 % ausgenutzt, das unterschreibe ich dir nicht. 😉

Vorschlag: 16/20 in C24, Achsabstand bleibt. Sonst müssten wir eine Mittelpfette einziehen, und die will der Bauherr ja nicht sehen.

LG Florian`,
    marks: ['seen', 'answered'],
    folder: 'Projekte/Dachausbau',
  },
  {
    id: 'statik-2',
    at: [5, '08:12'],
    from: max,
    to: [florian],
    subject: 'Re: Statik Dachausbau: Sparren 16/20 statt 14/18',
    answers: 'statik-1',
    text: `Servus Florian,

16/20 passt, die Mittelpfette will hier wirklich niemand. Schickst du mir die Holzliste gleich mit? Dann bestelle ich noch diese Woche beim Oberhuber.

LG Max`,
    marks: ['seen'],
  },
  {
    id: 'statik-3',
    at: 126,
    from: florian,
    cc: [erika],
    subject: 'Re: Statik Dachausbau: Sparren 16/20 statt 14/18',
    answers: 'statik-2',
    text: `Servus Max,

Holzliste und Nachweis sind fertig, beides hängt dran. Bitte schau dir Position 7 an: den Wechsel bei der Gaube habe ich doppelt genommen, das war im Angebot noch einfach.

LG Florian`,
    attachments: [
      {
        filename: 'Statik_Dachausbau_Sparren.pdf',
        pdf: {
          title: 'Statischer Nachweis Dachausbau',
          lines: [
            'Sparren 16/20, C24, e = 80 cm',
            'Schneelast Zone 3, Verwehung 3,2 kN/m²',
            'Ausnutzung Biegung 81 %',
            'Ausnutzung Durchbiegung 88 %',
            '',
            'DI Florian Größwang, Zivilingenieur für Bauwesen',
          ],
        },
      },
      {
        filename: 'Holzliste.csv',
        contentType: 'text/csv; charset=utf-8',
        text: 'Pos;Bauteil;Querschnitt;Länge m;Stück\n1;Sparren;16/20;6,40;22\n2;Sparren Gaube;16/20;3,10;6\n3;Pfette;20/28;5,80;3\n7;Wechsel (doppelt);16/20;1,60;4\n',
      },
    ],
  },
  {
    id: 'ladung',
    at: 84,
    from: magistrat,
    subject: 'Ladung zur Bauverhandlung am 14. Dezember 2026',
    text: `GZ.: A17-0482/2026

Sehr geehrter Herr Muster,

zu Geschäftszahl A17-0482/2026 wird die mündliche Verhandlung anberaumt:

  Gegenstand:  Zubau und Nutzungsänderung, Rosenhaingasse 12, 8010 Graz
  Zeit:        Montag, 14. Dezember 2026, 9:30 Uhr
  Ort:         an Ort und Stelle

Sie werden als Vertreter der Bauwerberin geladen. Pläne und Baubeschreibung liegen bis zum Tag vor der Verhandlung in der Bau- und Anlagenbehörde, Europaplatz 20, zur Einsicht auf. Einwendungen sind spätestens in der Verhandlung zu erheben, sonst verlieren Sie Ihre Parteistellung (§ 42 AVG).

Die Kundmachung mit dem Verteiler liegt bei.

Für den Bürgermeister:
Mag.a Ingrid Pölzl`,
    attachments: [
      {
        filename: 'Ladung_A17-0482-2026.pdf',
        pdf: {
          title: 'Kundmachung und Ladung',
          lines: [
            'GZ.: A17-0482/2026',
            '',
            'Mündliche Verhandlung',
            'Montag, 14. Dezember 2026, 9:30 Uhr',
            'Rosenhaingasse 12, 8010 Graz',
            '',
            'Ergeht an: Bauwerberin, Anrainer laut Verteiler, Planverfasser',
          ],
        },
      },
    ],
    marks: ['flagged'],
  },
  {
    id: 'bescheid',
    at: [23, '07:55'],
    from: magistrat,
    subject: 'Bescheid: Baubewilligung Dachausbau Leonhardstraße 48',
    text: `GZ.: A17-0391/2026

Sehr geehrter Herr Muster,

die Baubewilligung für den Ausbau des Dachgeschoßes Leonhardstraße 48 wurde erteilt. Der Bescheid wird Ihnen mit RSb-Brief zugestellt; eine Ablichtung liegt bei. Der Baubeginn ist der Behörde anzuzeigen.

Mit freundlichen Grüßen
Bau- und Anlagenbehörde`,
    attachments: [
      {
        filename: 'Bescheid_A17-0391-2026.pdf',
        pdf: {
          title: 'Bescheid',
          lines: ['GZ.: A17-0391/2026', '', 'Spruch: Die Baubewilligung wird erteilt.', 'Auflagen 1 bis 14 siehe Seite 2.'],
        },
      },
    ],
    marks: ['seen'],
    folder: 'Behörden',
  },
  {
    id: 'vertrag-1',
    at: [8, '10:20'],
    from: notar,
    subject: 'Kaufvertrag Liegenschaft Mariatrost',
    text: `Sehr geehrter Herr Muster,

anbei der erste Entwurf des Kaufvertrages über die Liegenschaft EZ 1187, KG Mariatrost. Ich ersuche um Durchsicht, insbesondere der Punkte 4 (Übergabe) und 7 (Gewährleistung).

Mit vorzüglicher Hochachtung
Dr. Josef Straßer
öffentlicher Notar`,
    attachments: [
      {
        filename: 'Kaufvertrag_Entwurf_1.pdf',
        pdf: {
          title: 'Kaufvertrag (Entwurf 1)',
          lines: ['EZ 1187, KG 63127 Mariatrost', '', 'Punkt 1 Vertragsgegenstand', 'Punkt 4 Übergabe', 'Punkt 7 Gewährleistung'],
        },
      },
    ],
    marks: ['seen', 'answered'],
  },
  {
    id: 'vertrag-2',
    at: [7, '17:48'],
    from: max,
    to: [notar],
    subject: 'Re: Kaufvertrag Liegenschaft Mariatrost',
    answers: 'vertrag-1',
    text: `Sehr geehrter Herr Dr. Straßer,

Punkt 7 geht mir zu weit: für den Kanal aus 1974 kann der Verkäufer nicht jede Haftung ausschließen, ohne dass wir ihn vorher befahren lassen. Bitte nehmen Sie die Kamerabefahrung als aufschiebende Bedingung hinein.

Punkt 4 ist in Ordnung.

Mit freundlichen Grüßen
Max Muster`,
    marks: ['seen'],
  },
  {
    id: 'vertrag-3',
    at: [1, '14:05'],
    from: notar,
    subject: 'Re: Kaufvertrag Liegenschaft Mariatrost',
    answers: 'vertrag-2',
    text: `Sehr geehrter Herr Muster,

anbei der zweite Entwurf mit den besprochenen Änderungen in Punkt 7. Der Verkäufer ist mit der Kamerabefahrung einverstanden, sofern sie bis 18. Dezember stattfindet.

Für die Unterfertigung schlage ich Montag, 21. Dezember, 11 Uhr in meiner Kanzlei vor. Bitte einen amtlichen Lichtbildausweis mitbringen.

Mit vorzüglicher Hochachtung
Dr. Josef Straßer`,
    attachments: [
      {
        filename: 'Kaufvertrag_Entwurf_2.pdf',
        pdf: {
          title: 'Kaufvertrag (Entwurf 2)',
          lines: ['EZ 1187, KG 63127 Mariatrost', '', 'Punkt 7a Kamerabefahrung des Kanals als aufschiebende Bedingung'],
        },
      },
    ],
  },
  {
    id: 'richtfest-1',
    at: [3, '19:36'],
    from: elisabeth,
    cc: [erika],
    subject: 'Fotos vom Richtfest',
    text: `Lieber Herr Muster,

es war ein sehr schöner Nachmittag, herzlichen Dank noch einmal an die ganze Mannschaft! 🎉 Mein Vater redet seither von nichts anderem als vom Gleichenspruch des Poliers.

Zwei Fotos hänge ich an, die anderen bringe ich Ihnen am Stick. Der Junker vom Martini wartet auch noch auf Sie. 🍷

Liebe Grüße aus Gamlitz
Elisabeth Hödl`,
    html: 'from-text',
    attachments: [
      { filename: 'Richtfest_01.png', picture: 'party' },
      { filename: 'Richtfest_02.png', picture: 'roof' },
    ],
    marks: ['seen', 'answered'],
  },
  {
    id: 'richtfest-2',
    at: [2, '08:03'],
    from: max,
    to: [elisabeth],
    subject: 'Re: Fotos vom Richtfest',
    answers: 'richtfest-1',
    text: `Liebe Frau Hödl,

danke für die Bilder, das Foto mit dem Firstbaum kommt bei uns ins Büro! Den Junker hole ich mir gern ab, sobald das Dach dicht ist. 😊

Herzliche Grüße
Max Muster`,
    marks: ['seen'],
  },
  {
    id: 'polier',
    at: [4, '06:31'],
    from: { name: 'Herbert Kainz (Polier)', address: 'h.kainz@kainz-bau.example' },
    subject: 'Baustelle Rosenhain: Kran steht, Foto',
    text: `Morgen Chef,

Kran steht seit 6 Uhr, Aufstellgenehmigung hängt am Zaun. Nachbarin auf Nummer 14 war schon da und möchte wissen, wie lang. Hab ihr gesagt bis Freitag.

lg Herbert`,
    attachments: [{ filename: 'IMG_20261119_0612.png', picture: 'site' }],
    marks: ['seen'],
    folder: 'Projekte/Villa Rosenhain',
  },
];
