/**
 * What a letter is about, in many words for each thing: a kind of unwanted letter is told by several of these together, whichever words were
 * taken for each. Folded as fold-text.ts does; "*": any ending; two words stand beside each other.
 */
export const concepts = {
  /** something of yours that can be lost */
  account:
    'account*, mailbox*, e-mail-konto, email account, membership*, mitgliedschaft*, password*, passwor*, kennwor*, konto*, kontos, postfach*, karte*, debitkarte*, kreditkarte*, card, cards, zugang*, zugriff*, zugangsdaten, wallet*, quota, storage, speicher*, ' +
    'payment method*, payment detail*, payment for, billing, zahlungsart*, zahlungsmittel*, zahlungsdaten, zahlung, abo, abonnement*, subscription*, login*, log-in*, sign-in*, signin*, anmeldung*, online-banking, onlinebanking, banking, profile, profil, app, identity, identitaet*, pushtan, tan*, id-check, s-id*, authenticator, voicemail, voice message, shared file*, ' +
    'incoming message*, new message*, eingehende nachricht*, steuerkonto, domain, hosting, webmail',
  /** something to look at, behind a link */
  document:
    'document*, dokument*, file, files, datei*, invoice*, rechnung*, payroll, salary, gehalt*, lohn*, bonus, contract*, vertrag*, fax, scan*, purchase order*, bestellung*, sharepoint, onedrive, dropbox, docusign, pdf, folder, ordner, voicemail*, voice message*, statement*, remittance, zahlungsavis, proposal*, angebot*',
  threat:
    'restrict*, limit*, suspend*, block*, lock*, unlock*, deactivat*, disabl*, cancel*, clos*, delet*, terminat*, expir*, on hold, held, holding, interrupt*, loss, lose access, remov*, unterbroch*, unterbrech*, gesperr*, sperr*, sperrung*, eingeschraenk*, einschraenk*, deaktivier*, abgeschaltet*, ' +
    'abschalt*, nicht mehr moeglich*, nicht mehr nutzen, nicht mehr zugreifen, geloesch*, loesch*, angehalten, schliessen, geschlossen, beendet, verlier*, unauthori*, unusual*, ungewoehnlich*, verdaecht*, suspicious*, problem, problem*, fehlgeschlagen, failed, could not authori*, unbefugt*, gebuehr entsteht, laeuft ab, ablaeuft, ablauf*, abgelaufen, strafe, penalty, mahnung, inkasso, ueberfaellig',
  deadline:
    'hours, hour, stunden, today, heute, tonight, tomorrow, morgen, midnight, mitternacht, frist, spaetestens, umgehend, sofort*, unverzueglich*, immediately, urgent*, dringend*, now, jetzt, verfaell*, verfall*, expires, endet, ends, last day*, letzte*, only today, nur heute, nur noch, solange, limited, begrenzt*, before, within, innerhalb, ' +
    'binnen, until, asap, final, deadline, nicht warten, minuten, minutes, tage, tagen, days',
  act:
    'verify*, verification*, confirm*, validat*, updat*, review*, sign in, log in, login, re-regist*, regist*, registrier*, aktualisier*, bestaetig*, einrich*, behalten, keep, increase*, erhoeh*, freigeben, freischalt*, entsperr*, pruef*, ueberpruef*, anmelden, melden sie sich an, secure, sicher*, restart*, restore*, reactivat*, reaktivier*, wiederherstell*, ' +
    'activat*, aktivier*, click*, klick*, open, oeffnen, enter, eingeben, geben sie, fill, ausfuellen, complete, vervollstaendig*, begleichen, bezahl*, pay, claim*, einloesen, abrufen, abruf*, view, ansehen, download*, herunterlad*, withdraw*, auszahl*, transfer, renew*, erneuer*, verlaenger*, identifizier*, authentifizier*, legitimier*, hinterleg*',
  /** stories of money that nobody owns */
  estate:
    'inherit*, heir*, erbe*, erben, erbschaft*, erbin, nachlass*, estate, deceased, died, dies, death, dying, passed away, gestorben, verstorben*, verstarb*, tod, ums leben, accident, crash, unfall*, absturz, widow*, witwe*, witwer, late husband, late father, late client, no child*, childless, kinderlos*, orphan*, waisen*, next of, testament, last will, last wish, letzter wunsch, cancer, krebs*, ' +
    'hospital, doctor told, months to live, surname, last name, familienname*, nachname*, angehoerig*, hinterbliebene*, mandant*, former regime, soldier*, army, officer, offizier, general, syria, afghanistan, military, diplomat*, minister, refugee*, royal, prince',
  fund: 'fund, funds, deposit*, box, boxes, trunk, consignment*, compensation*, grant, grants, donat*, spende*, schenk*, entschaedig*, hinterlassen, hinterliess, guthaben, vermoegen*, fortune, wealth, sum, summe, payment, gold, diamond*, finance company, security company, bank in, foreign, ausland*, beneficiar*, beguenstigt*, transfer*, ueberweis*, atm, visa card, release*, approved, freigegeben, payout, investieren, invest*',
  plea:
    'honest*, ehrlich*, trust*, trustworthy, confiden*, vertrau*, zustimmung, einverstaendnis, assist*, assistance, help me, hilfe, cooperat*, zusammenarbeit, partner*, god, lord, pray*, prayer*, bless*, gott*, gebet*, beten, legal*, risk-free, risikolos, dear friend, dearest*, beloved, dear sir*, attention, greetings, tears, traenen, write me back, get back to me, reply for, melden sie sich bei mir, ' +
    'secret*, geheim*, diskretion, proposal*, vorschlag*, geschaeft, deal, contact him, contact her, contact mr, kontaktieren sie, private email*, private adresse*, private e-mail*, privaten e-mail*, reply to, antworten sie an, urgent response',
  share:
    'percent*, per cent, prozent*, share, anteil*, half, haelfte, teilen, gleichen teilen, split, ratio, fifty*, forty, thirty*, vierzig, dreissig, fuenfzig',
  person:
    'full name*, names, your name, vollstaendiger name*, name, vorname, nachname, age, alter, occupation*, beruf*, profession, phone, phone number*, mobile number*, telefonnummer*, handynummer*, telefon, address, adresse, anschrift, country, land, identity card, id card, passport*, ausweis*, personalausweis, reisepass*, sex, gender, marital, bank details, bankverbindung*, kontonummer*, date of birth, geburtsdatum, copy of, kopie',
  prize:
    'winning*, winner*, won, win, gewinn*, gewonn*, gezogen, drawn, drew, draw, ausgewaehlt*, ausgelost*, auserwaehlt*, selected, chosen, lucky, luck, glueck*, congratulat*, claim*, lottery, lotter*, lotto*, ticket, jackpot*, prize*, preis, preisgeld*, freispiel*, free spin*, bonus*, gutschein*, voucher*, gift card*, geschenk*, einkaufsgutschein*, praemie*, reward*, belohnung*, umfrage*, survey*, question*, fragen, ' +
    'teilnehmer*, participant*, reserviert, reserved, free of charge, kostenlos*, gratis, einzahlung*, deposit, spielen, spin*, casino*, wetten, credited, gutgeschrieben, aufgeladen',
  parcel:
    'parcel*, package*, paket*, sendung*, shipment*, courier, kurier*, zustell*, delivery*, deliver, delivered, lieferung*, tracking, verteilzentrum, depot, warehouse, lager*, briefkasten, fahrer, driver, track, versand*, ships, post',
  fee: 'fee, fees, gebuehr*, kosten, zollkosten*, zoll, zollgebuehr*, customs, duty, charge, charges, abgabe*, porto, versandkosten, postage, surcharge, betrag, amount, bezahl*, begleichen, incomplete*, unvollstaendig*, missing, fehl*, falsch*, wrong, invalid, house number, hausnummer*, anschrift*, address, adresse*, redeliver*, erneut*, new attempt, reschedul*',
  body:
    'fat, belly*, bauchfett*, fett*, kilo*, kilos, pounds, abnehm*, schlank*, gewicht*, weight*, slim*, diet*, diaet*, ohr*, ohren, tinnitus, ohrgeraeusch*, hearing, hoer*, prostat*, potenz*, pille*, pills, pill, tablet, tabletten, kapsel*, capsule*, gummies, penis*, erection*, erektion*, bett, bed, manhood, mann, men, man, woman, frauen, she, libido, lust, blood, blut*, zucker, sugar, diabet*, gelenk*, joint*, knie, knee*, schmerz*, pain*, haar*, hair, ' +
    'haut, skin, falten, wrinkle*, aging, schlaf*, sleep*, cholesterin*, blutdruck, memory, gedaechtnis, nagelpilz, fungus, cbd, hemp, testosteron*, sex*, medication*, medikament*, meds',
  claim:
    'trick*, hack, ritual, simple, einfach*, secret*, geheim*, remedy, rezept, zutat*, ingredient*, without doctor, ohne arzt*, no doctor*, without prescription, no prescription, ohne rezept*, rezeptfrei, no diet, ohne diaet, ohne sport, ohne hunger, no exercise, overnight, ueber nacht, in days, wenigen tagen, in weeks, wochen, instantly, naturally, natuerlich*, pharma*, pharmaindustrie, big pharma, forscher*, scientist*, harvard, arzt, aerzte, doctors, stunned, ueberrascht, verboten, verbieten, banned, ' +
    'taken down, geloescht wird, verschweig*, niemand sagt, want you, schmelz*, melt*, verschwind*, satisfied, zufrieden*, plain box, neutrale verpackung, discreet*, diskret*, diskrete, neutral*, money back, guaranteed, garantiert*, halben preis, half price, doctor, video, from 0, ab 0, again, wieder, endlich',
  income:
    'earn*, earning*, verdien*, income*, einkommen*, nebenbei*, profit*, gewinne, rendite*, return, returns, reich*, rich, millionaer*, millionaire*, passive, passiv*, salary, gehalt, wohlstand, wealth, einnahmen, made, machen, gemacht, balance, guthaben, mining, mined, investier*, invest*, anlage*, aus 250, kapital',
  system:
    'platform*, plattform*, algorithm*, algorithmus, software*, robot*, bot, ai, ki, automatic*, automatisch*, automatisiert*, system, systeme, methode, trading*, trade*, handelt, handel, crypto*, krypto*, bitcoin*, btc, ethereum, token*, coin*, forex, moderator*, show, sendung, interview, live, tv, banken, banks, entsetzt, verriet, verraet, packt aus, skandal, ohne vorkenntniss*, ohne erfahrung, no experience, von zuhause, zu hause, from home, per day, am tag, taeglich, ' +
    'daily, weekly, monatlich, pro woche, plaetze, spots, insider, teilnehmer*, start, starten, einsatz, einstieg, 250, withdrawal, auszahlung',
  cold:
    'website*, webseite*, homepage, web site, search engine*, suchmaschine*, google, seo, ranking*, rank, traffic, visitor*, besucher, keywords, on-page, backlink*, digital marketing, online marketing, marketing, web development, web design*, webdesign*, mobile app*, app development, developer*, it company, outsourc*, software company, attendee*, attendees list, contact list*, email list*, data list*, database, leads, verified contact*, kontakte, adressen, ' +
    'manufactur*, hersteller, factory, supplier*, products, produkte, product range, sample*, samples, muster, catalog*, katalog*, ce certificate, wholesale, grosshandel, shenzhen, ningbo, china, india, led, cnc, valves, packaging, followers, reviews, bewertungen, sichtbarkeit, reichweite, brand name, trademark, internet keyword*, guest post*, explainer video*, video animation*, logo design, erklaervideo*, factoring, pr article*',
  offer:
    'offer*, bieten, anbieten, quote, quotation, price*, pricing, preis*, price list*, preisliste*, package*, pakete, proposal*, portfolio, packages, cost, costs, low cost, low price*, guenstig*, cheap*, analyse, analysis, audit, report, services, service, dienstleistung*, solution*, loesung*, register*, registration, cooperat*, acquir*, interested, interesse, interest, bring you, bringen sie, we bring, wir bringen, monat, month, garantiert*',
  askback:
    'can i send*, may i send*, may we send, should i send, shall i send, send you, sende ich ihnen, let me know, reply, antworten sie*, antworten, respond, looking forward*, waiting for*, positive response, your reply, your response, your thoughts, share your, opt out, unsubscribe, not interested, kein interesse, kurzes telefonat, quick call, schedule a call, phone number, telefonnummer, inquiry, anfrage, get back, mit ja, yes, authoris*, authoriz*',
  intrude:
    'hack*, gehackt*, access to your, gained access, have access, zugang zu, zugang verschaff*, zugriff auf, uebernommen, infiltrat*, infected, infizier*, infiziert*, trojan*, malware, virus, spyware, rat, exploit*, programmer*, programmierer, hacker*, operating system*, betriebssystem*, your computer, ihr computer, ihren computer, rechner, your device*, ihr geraet*, geraet, ihre geraete, browsing, compromised, kompromittiert, kontrolle, control',
  self: 'i, ich, my, mein*, mir, wir haben, we have',
  film: 'film*, gefilmt, record*, aufgenommen, aufnahme*, aufgezeichnet, video*, clip, footage, camera*, kamera*, webcam*, screen, bildschirm, bilder von ihnen, pictures of you, masturb*, satisfy yourself, satisfying, selbst befriedig*, befriedig*, vergnueg*, pleasure, intimate, intim*, adult*, porn*, erwachsen*, pervers*, dirty',
  ransom: 'bitcoin*, btc, bc1*, wallet, crypto*, krypto*, monero, usdt, ransom, loesegeld, litecoin, ueberweisen sie, transfer',
  tell: 'contacts, kontakte, kollegen, colleagues, friends, freunde, family, familie, relatives, verwandte*, everyone, social media, facebook, reputation, ruf, publish*, veroeffentlich*, send it to, share it, verschick*',
  lonely:
    'single*, alone, allein*, lonely, einsam*, love, liebe, lieben, serious man, real man, man for, relationship*, beziehung*, soulmate, husband, marriage, heiraten, flirt*, date, dating, treffen, kennenlernen, kennen lernen, get to know, tonight, heute abend, heute nacht, diskret*, unkompliziert*, spass, naehe, nearby, near you, years old, jahre alt, girl, girls, frau, frauen, lady, ladies, women, sexy, hot, heiss*, geil*, naughty, ukrain*, russia*, russische*',
  picture: 'picture*, pictures, photo*, photos, foto*, fotos, bild, bilder, profile, profil, cam, webcam, selfie*, nude*, nackt*, video',
  lend: 'loan*, lend*, credit, credits, kredit*, darlehen*, financing, funding, finanzierung*, finanzhilfe*, borrow*, geld leihen, mortgage, hypothek*, capital, debts, schulden*, umschuldung*',
  anyone:
    'jedermann, everyone, anyone, individuals, negativ*, schufa*, bonitaet*, bad credit, without collateral, no collateral, ohne sicherheiten, kollateral, no credit check, ablehnung, urgent*, dringend*, rates, rate, zinsen, zinssatz, interest, loan amount, amount needed, duration, laufzeit, fill the form, fill, senden sie, approved, genehmigt, guaranteed, sofort, private lender, kreditgeber, geldgeber, million',
  boss: 'meeting, besprechung, sitzung, conference, konferenz, cannot talk, can not talk, nicht telefonieren, do not call, nicht sprechen, unterwegs, available, im buero, at your desk, verfuegbar, erreichbar, quick task, task, aufgabe, gefallen, favor, favour, handle, erledigen, quick response, schnelle antwort',
  errand:
    'gift card*, gutscheinkart*, geschenkkart*, gutschein*, itunes, google play, steam, scratch*, codes, reimburs*, ueberweis*, wire transfer*, payment, zahlung*, transfer*, bank details, kontodaten, vertraulich*, confidential*, diskret*, dringend*, urgent*, phone number, handynummer*, cell number, whatsapp, lohnkonto, direct deposit, bankverbindung*, invoice, rechnung',
  mule: 'receive payment*, receive fund*, zahlungen an*, zahlungen unserer, ueberweisungen, zahlungseingaenge, leiten sie weiter, weiterleiten, weiterleitung, forward the, process payment*, agent*, kurier*, bleiben bei ihnen, bleiben ihnen, keep a, keep the, provision*, commission*, packages at, pakete an, umverpack*, repack*, reship*',
  easy: 'no experience*, keine vorkenntniss*, ohne vorkenntniss*, keine erfahrung*, hours a day, stunden am tag, part time, part-time, teilzeit, heimarbeit, from home, zu hause, zuhause, remote*, flexible, flexibel, telegram, whatsapp, lebenslauf, resume, curriculum, position, stelle, job, nebenjob, per week, pro woche, monatlich, easy, leicht',
  bill: 'renew*, verlaenger*, subscription*, purchase*, kauf, order*, bestell*, charged, charge, abgebucht, abbuch*, debit*, deducted, invoice, protection plan, antivirus, geek, norton, mcafee, paypal, plan',
  phone:
    'call, call us, ring, helpline, help desk, toll free, support number, customer care, hotline, rufen sie, anrufen, telefonisch, dial',
  luxury:
    'watch*, uhr, uhren, rolex*, omega, breitling, gucci, louis, vuitton, handbag*, handtasche*, ray-ban, sneaker*, designer*, replica*, replik*, 1 quality, outlet*, luxus*, luxury, brand, marken*, markenuhren',
  bargain:
    'off, rabatt*, discount*, sale, reduziert*, cheap, guenstig, outlet*, free shipping, worldwide, versandkostenfrei, only this, nur diese, prozent, saving*, sparen, clearance, restposten',
  subsidy:
    'foerder*, zuschuss*, subsid*, grant, staat, government, bund, state, eigenheim*, hausbesitzer*, homeowner*, pflegegrad*, versicherung*, krankenversicherung*, zahnzusatz*, sterbegeld*, solar*, photovoltaik*, waermepumpe*, treppenlift*, fenster, strom*, tarif*, anspruch, entitled, eligible, vergleich*, compare',
} as const satisfies Record<string, string>;

export type Concept = keyof typeof concepts;
