import { erika, type Letter } from '../letter.ts';

/** Single letters: enquiries, deliveries, family, clubs. */
export const alltag: Letter[] = [
  {
    id: 'anfrage-carport',
    at: 215,
    from: { name: 'Jürgen Schönböck', address: 'j.schoenboeck@schoenboeck.example' },
    subject: 'Anfrage Carport mit Abstellraum',
    text: `Sehr geehrter Herr Muster,

wir hätten gern einen Carport für zwei Autos mit einem kleinen Abstellraum für die Räder, am liebsten in Lärche. Das Grundstück liegt in Hart bei Graz, leichte Hanglage. Können Sie uns sagen, womit wir ungefähr rechnen müssen, und ob man dafür eine Bewilligung braucht?

Telefonisch erreichen Sie mich ab 16 Uhr.

Mit freundlichen Grüßen
Jürgen Schönböck`,
  },
  {
    id: 'bewerbung',
    at: [4, '12:40'],
    from: { name: 'Lea Žagar', address: 'lea.zagar@studio-lz.example' },
    cc: [erika],
    subject: 'Bewerbung als Bauzeichnerin',
    text: `Sehr geehrter Herr Muster,

über die Lehrwerkstätte in Leibnitz habe ich erfahren, dass Sie ab Februar eine Bauzeichnerin suchen. Ich habe drei Jahre im Holzbau in Maribor gearbeitet, zeichne in 2D und 3D und spreche Slowenisch, Deutsch und Englisch.

Lebenslauf und drei Arbeitsproben liegen bei. Ich freue mich, wenn ich mich vorstellen darf.

Mit freundlichen Grüßen
Lea Žagar`,
    attachments: [
      {
        filename: 'Lebenslauf_Lea_Zagar.pdf',
        pdf: {
          title: 'Lebenslauf',
          lines: [
            'Lea Zagar',
            'geboren 1999 in Maribor',
            '',
            '2023-2026 Bauzeichnerin, Lesna gradnja d.o.o.',
            '2019-2023 HTL Ortweinschule, Graz',
          ],
        },
      },
      { filename: 'Arbeitsprobe_Dachdetail.png', picture: 'roof' },
    ],
    marks: ['seen', 'flagged'],
  },
  {
    id: 'mama',
    at: [2, '20:55'],
    from: { name: 'Helga Muster', address: 'helga.muster@familie-muster.example' },
    subject: 'Adventkranz und Sonntag',
    text: `Lieber Max,

kommt ihr am Sonntag zum Essen? Es gibt Backhendl, und der Papa hat schon den Adventkranz gebunden. 🕯️ Bring bitte die große Leiter mit, die Lichterkette hängt noch nicht.

Bussi
Mama`,
    marks: ['seen', 'flagged'],
  },
  {
    id: 'skiclub',
    at: [8, '18:05'],
    from: { name: 'SC Mariatrost', address: 'vorstand@sc-mariatrost.example' },
    subject: 'Schitag am 10. Jänner: Anmeldung bis 20. Dezember',
    text: `Liebe Mitglieder,

der Bus fährt um 6:15 Uhr ab Endstation Mariatrost auf die Tauplitz. Erwachsene € 62, Kinder € 34, Karte inbegriffen. Anmeldung bitte bis 20. Dezember an diese Adresse, mit Namen und Jahrgang der Kinder.

Schi Heil! ⛷️
Der Vorstand`,
    marks: ['seen'],
  },
  {
    id: 'termin-zahnarzt',
    at: [5, '07:00'],
    from: { name: 'Ordination Dr. Wünscher', address: 'termine@ordination-wuenscher.example' },
    subject: 'Terminerinnerung: Donnerstag, 3. Dezember, 7:45 Uhr',
    text: `Guten Tag Herr Muster,

wir erinnern Sie an Ihren Termin am Donnerstag, 3. Dezember um 7:45 Uhr. Bitte sagen Sie mindestens einen Tag vorher ab, falls Sie verhindert sind.

Ordination Dr. Wünscher`,
    attachments: [
      {
        filename: 'termin.ics',
        contentType: 'text/calendar; charset=utf-8; method=PUBLISH',
        text: 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Ordination//DE\r\nMETHOD:PUBLISH\r\nBEGIN:VEVENT\r\nUID:20261203-0745@ordination-wuenscher.example\r\nDTSTAMP:20261118T060000Z\r\nDTSTART:20261203T064500Z\r\nDTEND:20261203T071500Z\r\nSUMMARY:Zahnarzt Dr. Wünscher\r\nLOCATION:Leonhardstraße 12\\, 8010 Graz\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n',
      },
    ],
    marks: ['seen'],
  },
  {
    id: 'paket-1',
    at: [7, '07:22'],
    from: { name: 'Paketdienst', address: 'zustellung@paketdienst.example' },
    subject: 'Ihr Paket kommt heute zwischen 10 und 12 Uhr',
    text: `Guten Tag Max Muster,

Ihr Paket 0034 0434 1614 7771 9920 von Beschläge Maier kommt heute zwischen 10 und 12 Uhr. Sind Sie nicht da? Wir legen es beim Nachbarn ab.`,
    html: 'from-text',
    marks: ['seen'],
    folder: 'Archive',
  },
  {
    id: 'paket-2',
    at: [7, '11:08'],
    from: { name: 'Paketdienst', address: 'zustellung@paketdienst.example' },
    subject: 'Ihr Paket wurde zugestellt',
    text: 'Ihr Paket 0034 0434 1614 7771 9920 wurde um 11:06 Uhr übernommen von: MUSTERFRAU.',
    marks: ['seen'],
    folder: 'Archive',
  },
  {
    id: 'fahrkarte',
    at: [2, '17:26'],
    from: { name: 'Bahnreise Tickets', address: 'tickets@bahnreise.example' },
    subject: 'Ihr Ticket: Graz Hbf – Leibnitz, Montag 12:56',
    text: `Ihre Buchung 7Q2K9M

Graz Hbf ab 12:56, Leibnitz an 13:24, S5
1 Erwachsener, Vorteilskarte, € 6,40

Das Ticket liegt als PDF bei. Gute Fahrt!`,
    attachments: [
      {
        filename: 'Ticket_7Q2K9M.pdf',
        pdf: { title: 'Ticket 7Q2K9M', lines: ['Graz Hbf - Leibnitz', 'Montag, 12:56, S5', '1 Erwachsener, Vorteilskarte', 'EUR 6,40'] },
      },
    ],
    marks: ['seen'],
  },
  {
    id: 'versicherung',
    at: [20, '10:33'],
    from: { name: 'Grazer Assekuranz, Herr Pfleger', address: 'pfleger@grazer-assekuranz.example' },
    subject: 'Bauherrenhaftpflicht Villa Rosenhain: Polizze',
    text: `Sehr geehrter Herr Muster,

die Polizze liegt bei, Deckung wie besprochen € 5 Mio. pauschal, Selbstbehalt € 500. Der Versicherungsschutz besteht ab Baubeginnsanzeige.

Mit freundlichen Grüßen
Roland Pfleger`,
    attachments: [
      {
        filename: 'Polizze_BH-66120.pdf',
        pdf: {
          title: 'Polizze BH-66120',
          lines: ['Bauherrenhaftpflicht', 'Versicherungssumme EUR 5.000.000 pauschal', 'Selbstbehalt EUR 500'],
        },
      },
    ],
    marks: ['seen'],
    folder: 'Projekte/Villa Rosenhain',
  },
  {
    id: 'innung',
    at: [11, '09:00'],
    from: { name: 'Landesinnung Holzbau', address: 'info@innung-holzbau.example' },
    cc: [erika],
    subject: 'Rundschreiben 11/2026: neue ÖNORM B 2320, Lehrlingsprämie',
    text: `Sehr geehrte Mitglieder,

mit 1. Jänner tritt die neue Fassung der ÖNORM B 2320 (Wohnhäuser aus Holz) in Kraft. Die wesentlichen Änderungen haben wir auf zwei Seiten zusammengefasst.

Die Lehrlingsprämie kann heuer noch bis 15. Dezember beantragt werden.

Ihre Landesinnung`,
    marks: ['seen'],
  },
  {
    id: 'lob',
    at: [18, '21:09'],
    from: { name: 'Familie Krenn', address: 'krenn@krenn-gleisdorf.example' },
    subject: 'Danke! ❤️',
    text: `Lieber Herr Muster,

wir sitzen zum ersten Mal am Abend im neuen Wohnzimmer, es riecht nach Holz, und die Kinder wollen nicht schlafen gehen, weil man vom Bett aus die Sterne sieht. ✨

Das wollten wir Ihnen nur sagen.

Ihre Familie Krenn`,
    marks: ['seen', 'flagged'],
  },
];

/** Letters to Erika, so that her mailbox looks lived in too. */
export const erikasLetters: Letter[] = [
  {
    id: 'erika-drucker',
    at: [3, '13:47'],
    from: { name: 'Bürotechnik Haas', address: 'service@buerotechnik-haas.example' },
    to: [erika],
    subject: 'Servicetermin Plotter: Mittwoch, 9 Uhr',
    text: `Sehr geehrte Frau Musterfrau,

unser Techniker kommt am Mittwoch um 9 Uhr und tauscht die Andruckrolle. Bitte halten Sie eine Rolle Papier A0 bereit.

Mit freundlichen Grüßen
Bürotechnik Haas`,
    marks: ['seen'],
  },
  {
    id: 'erika-kurs',
    at: [6, '08:15'],
    from: { name: 'Volkshochschule Graz', address: 'kurse@vhs-graz.example' },
    to: [erika],
    subject: 'Bestätigung: Slowenisch für Anfänger, Start 12. Jänner',
    text: `Liebe Frau Musterfrau,

Ihr Platz im Kurs „Slowenisch für Anfänger“ ist fix. Wir beginnen am Dienstag, 12. Jänner um 18 Uhr, Raum 204.

Na svidenje!
VHS Graz`,
  },
  {
    id: 'erika-lea',
    at: [1, '16:03'],
    from: { name: 'Lea Žagar', address: 'lea.zagar@studio-lz.example' },
    to: [erika],
    subject: 'Terminvorschlag für das Vorstellungsgespräch',
    text: `Sehr geehrte Frau Musterfrau,

danke für Ihren Anruf. Donnerstag um 10 Uhr passt mir sehr gut. Soll ich das Modell vom Dachstuhl mitbringen? Es ist etwas groß. 🙂

Freundliche Grüße
Lea Žagar`,
  },
];
