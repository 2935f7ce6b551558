import { erika, type Letter, max } from '../letter.ts';

const urlaub = 'Urlaubsplanung Weihnachten';

/** Max and Erika among themselves, sent through submission as their own mail programs would. */
export const buero: Letter[] = [
  {
    id: 'urlaub-1',
    at: [5, '09:40'],
    from: erika,
    to: [max],
    subject: urlaub,
    text: `Hallo Max,

können wir heute noch den Weihnachtsurlaub fixieren? Ich nehme den 23. und den 28. bis 31. Dezember, wenn das für alle passt. Das Telefon würde ich auf mein Handy umleiten.

LG Erika`,
    marks: ['seen', 'answered'],
  },
  {
    id: 'urlaub-2',
    at: [5, '10:15'],
    from: max,
    to: [erika],
    subject: `Re: ${urlaub}`,
    answers: 'urlaub-1',
    text: `Hallo Erika,

passt. Ich bin am 28. und 29. auf der Baustelle Leonhardstraße, danach bis 7. Jänner weg. Handy-Umleitung bitte nur bis Mittag, du hast ja Urlaub!

LG Max`,
    marks: ['seen', 'answered'],
  },
  {
    id: 'urlaub-3',
    at: [5, '10:22'],
    from: erika,
    to: [max],
    subject: `Re: ${urlaub}`,
    answers: 'urlaub-2',
    text: `Abgemacht. 👍 Und die Abwesenheitsnotiz schreibe ich diesmal auf Deutsch und Englisch, der James aus Leeds hat sich letztes Jahr gewundert.

LG Erika`,
    marks: ['seen'],
  },
  {
    id: 'urlaub-4',
    at: 180,
    from: erika,
    to: [max],
    subject: `Re: ${urlaub}`,
    answers: 'urlaub-3',
    text: `Noch eine Sache dazu: die Firma Oberhuber liefert laut Bestätigung am 23. um 7 Uhr. Da bin ich schon weg. Übernimmst du das, oder soll ich auf den 22. verlegen lassen?

LG Erika`,
  },
  {
    id: 'vorlage-1',
    at: [10, '13:05'],
    from: max,
    to: [erika],
    subject: 'Angebotsvorlage: neuer Absatz zur Preisgleitung',
    text: `Hallo Erika,

bitte in die Vorlage aufnehmen: „Die Preise sind bis 31. März 2027 fest; danach gilt der Baukostenindex der Statistik Austria.“ Am besten gleich nach den Zahlungsbedingungen.

LG Max`,
    marks: ['seen', 'answered'],
  },
  {
    id: 'vorlage-2',
    at: [10, '15:51'],
    from: erika,
    to: [max],
    subject: 'Re: Angebotsvorlage: neuer Absatz zur Preisgleitung',
    answers: 'vorlage-1',
    text: `Hallo Max,

ist drin, siehe Anhang. Ich habe auch gleich die alte Faxnummer hinausgeworfen.

LG Erika`,
    attachments: [
      {
        filename: 'Vorlage_Angebot_2027.pdf',
        pdf: {
          title: 'Angebot (Vorlage 2027)',
          lines: ['Muster GmbH, Herrengasse 3, 8010 Graz', '', '5. Zahlungsbedingungen', '6. Preisgleitung', '7. Gewährleistung'],
        },
      },
    ],
    marks: ['seen'],
  },
  {
    id: 'montag-1',
    at: [2, '16:58'],
    from: erika,
    to: [max],
    subject: 'Montag: drei Termine, ein Auto',
    text: `Hallo Max,

am Montag haben wir:
- 8:00 Leonhardstraße, Abnahme Spengler
- 10:30 Frau Leitner wegen der Läden (ruft an)
- 14:00 Gamlitz, Hödl, Nachbesprechung

Der Bus ist bis Dienstag in der Werkstatt. Nimmst du den Zug nach Leibnitz? Frau Hödl würde dich am Bahnhof abholen, ich habe schon gefragt. 🚆

LG Erika`,
    marks: ['seen', 'answered'],
  },
  {
    id: 'montag-2',
    at: [2, '17:20'],
    from: max,
    to: [erika],
    subject: 'Re: Montag: drei Termine, ein Auto',
    answers: 'montag-1',
    text: `Du denkst an alles. Zug um 12:56 ab Graz, das geht sich aus. Danke!

LG Max`,
    marks: ['seen'],
  },
];
