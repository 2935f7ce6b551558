import type { ReasonCode } from '../reason.ts';

/** Words that stand for a kind of letter nobody asked for; weights are points, folded as fold-text.ts does. */
export interface WordList {
  code: ReasonCode;
  /** points of a list together at the most */
  most: number;
  /** "phrase:weight", separated by commas; "*" at the end of a word stands for any ending */
  phrases: string;
}

export const wordLists: readonly WordList[] = [
  {
    code: 'words-inheritance',
    most: 8,
    phrases:
      'next of kin:2.5, inheritance:1.2, inheritance fund*:1.5, unclaimed:1.2, unclaimed fund*:1.5, deceased client:2, late client:1.8, late husband:1.5, ' +
      'barrister:1.6, million dollars:1.6, million us dollars:1.2, million euro*:0.7, millionen us-dollar:1.2, millionen dollar:1.6, millionen euro:0.7, beneficiary:1, transfer this money:2, ' +
      'transfer the fund*:2, transfer of the fund*:2, business proposal:1.6, confidential proposal:1.4, mutual benefit:1.8, god bless you:1.2, dear friend:0.9, ' +
      'dear beloved:2, good day dear:1.2, diplomat:0.8, consignment:0.6, foreign partner:1.5, foreigner:0.6, dormant account:2.2, reserve bank:0.6, widow:1, cancer:0.5, ' +
      'charity:0.5, humanitarian:0.6, donate:0.5, donation to you:1.8, nachlass:0.9, erbschaft:1, erbberechtigt*:1.2, hinterlassen*:0.4, verstorbenen kunden:2.2, nachlassverwalter:1.2, naechster angehoerig*:1.5, ' +
      'naechsten angehoerig*:1.5, gleichen nachnamen:1.6, same last name:1.6, same surname:1.6, vertraulicher vorschlag:1.8, vertrauliches angebot:1.5, geschaeftsvorschlag:1.6, gott segne sie:1.4, gottes segen:1, witwe:1, krebs:0.4, waisen*:0.6, spende an sie:1.8, ' +
      'lieber freund:0.8, liebe freundin:0.5, ruhendes konto:1.8, nachrichtenlos*:1.2, confide in you:1.5, trustworthy:0.6, vertrauenswuerdig*:0.5, atm card:1.5, compensation fund:1.6, 50 percent:0.5, forty percent:1, 40 of the:0.5, prozent der summe:1.4, of the total sum:1.4, total sum:0.6',
  },
  {
    code: 'words-winnings',
    most: 8,
    phrases:
      'lottery:1.3, lotto:0.5, lotterie:1, you have won:1.6, you won:1, winning number*:1.5, winner:0.7, lucky winner:1.5, jackpot:1.2, prize:0.8, claim your:1, claim your prize:1.5, claim your reward:1.5, reward:0.4, ' +
      'congratulations:0.5, sie haben gewonnen:1.7, gewonnen:0.7, gewinn:0.5, gewinner*:0.9, gluecklicher gewinner:1.4, glueckwunsch:0.4, hauptgewinn:1.5, gewinnbenachrichtigung:2, gewinnspiel:0.5, verlosung:0.5, preisgeld:1, einloesen:0.3, gutschein:0.3, ' +
      'free spins:1.8, freispiele:1.8, casino:1.6, online casino:1.2, bonus ohne einzahlung:2, no deposit:1.8, welcome bonus:1.3, willkommensbonus:1.3, slots:0.8, gift card:0.7, geschenkkarte:0.7, selected:0.3, ausgewaehlt:0.4, ausgelost:1, iphone:0.4, gratis:0.3, kostenlos testen:0.2, survey:0.4, umfrage:0.2, ballot:1.2, e-mail lottery:1.5, agent in charge:1.2',
  },
  {
    code: 'words-investment',
    most: 8,
    phrases:
      'bitcoin*:0.9, crypto:0.8, cryptocurrency:0.8, krypto*:0.8, kryptowaehrung*:0.6, trading platform:1.2, trading plattform:1.2, trading-plattform:1.2, trading bot:1.6, handelsroboter:1.6, passive income:1.6, passives einkommen:1.6, financial freedom:1.4, ' +
      'finanzielle freiheit:1.4, guaranteed profit*:2, guaranteed return*:2, garantierte rendite:2, garantierter gewinn:2, risikofrei:1.2, risk free:1.1, risk-free:1.1, ohne risiko:1, double your:1.6, verdoppeln:0.9, invest:0.6, investment opportunity:1.3, investieren:0.6, investition:0.5, ' +
      'rendite:0.6, profit*:0.4, make money:1.4, earn money:1.2, geld verdienen:1.2, per day:0.4, pro tag:0.3, a day from home:1.6, taeglich verdienen:1.6, millionaer*:1.1, millionaire*:1.1, reich werden:1.5, get rich:1.6, secret system:1.5, geheimes system:1.6, geheimnis der banken:1.4, ' +
      'banks hate:1.6, banken hassen:1.6, penny stock:1.8, stock alert:1.5, hot stock:1.6, aktie explodiert:1.6, boersengeheimnis:1.6, forex:1.2, presale:1, airdrop:1.4, wallet:0.4, token sale:1.2, elon musk:0.9, die hoehle der loewen:1',
  },
  {
    code: 'words-medicine',
    most: 8,
    phrases:
      'viagra:2.6, cialis:2.6, levitra:2.6, sildenafil:2, tadalafil:2, kamagra:2.6, potenz*:1.3, potenzmittel:1.4, erektion*:1.5, erectile:1.7, erection*:1.5, penis:1.6, online pharmacy:2, canadian pharmacy:2.4, online apotheke:0.8, online-apotheke:0.5, rezeptfrei:1.1, ohne rezept:1.6, without prescription:2, no prescription:2, ' +
      'weight loss:1.2, lose weight:1.2, abnehmen:0.8, fett verbrennen:1.3, fat burner:1.6, fettverbrenn*:1.4, pounds in:0.5, kilo in:0.8, keto:0.8, keto gummies:1.6, diaet:0.4, diet pill*:1.5, pills:0.9, tabletten:0.3, miracle:1, wundermittel:1.6, cbd:0.8, hair loss:0.6, haarausfall:0.6, natural remedy:0.9, ' +
      'doctors hate:1.6, aerzte sind sprachlos:1.8, aerzte verschweigen:1.8, doctors are stunned:1.8, blood sugar:0.5, blutzucker:0.4, testosterone:1, testosteron:1, ozempic:1.2, semaglutide:1.2, tinnitus:0.4, anti-aging:0.6, discreet*:0.6, diskret*:0.5, diskrete lieferung:1, discreet shipping:1.2',
  },
  {
    code: 'words-adult',
    most: 8,
    phrases:
      'sex:1, sexy:1, sexdate*:2, hot girls:1.8, hot singles:2, horny:2.4, geile:1.6, geil:0.8, nackt*:1, nude*:1.3, nude photos:1, naked:1, porn*:1.5, xxx:1.4, casual dating:1.6, seitensprung:1.6, heisse frauen:2, einsame frauen:1.6, lonely women:1.8, ' +
      'singles in:0.9, single frauen:1.3, singles in your area:1.2, singles in deiner naehe:1.4, meet women:1.4, russian women:1.5, russische frauen:1.5, ukrainian women:1.6, webcam:0.5, my photos:0.9, meine fotos:0.5, meine nacktfotos:1.6, private photos:1.2, dating:0.5, date tonight:1.2, treffen heute abend:0.6, i am lonely:1.5, bin einsam:1.2, lonely:0.4, hookup:1.6, flirt*:0.7, erotik*:1.2, erotic*:1.2, no strings:1.2, ohne verpflichtung*:0.2',
  },
  {
    code: 'words-loan',
    most: 8,
    phrases:
      'loan offer:2, loan:0.8, loans:0.8, quick loan:1.2, business loan:0.8, personal loan:0.9, interest rate:0.5, interest rate of:0.6, 3 interest:1, 2 interest:1, apply now:0.4, bad credit:1.5, no credit check:1.8, debt:0.5, debt relief:1.4, consolidate:0.5, kreditangebot:1.3, kredit:0.7, kredite:0.8, sofortkredit:1.5, ohne schufa:2, schufafrei:2, ' +
      'trotz schufa:1.6, ohne bonitaetspruefung:1.8, zinssatz:0.5, zinssatz von:0.5, darlehen:0.7, privatdarlehen:1.2, privatkredit:0.8, kreditgeber:1, private lender:1.5, lender:0.7, financial help:0.8, finanzielle hilfe:0.7, schulden:0.6, schuldenfrei:0.8, sofortauszahlung:1, auszahlung in:0.3, without collateral:1.6, ohne sicherheiten:1.2, bank refused:0.8, bank abgelehnt:0.9, financing for your:0.8, loan amount:1, amount needed:1.4, benoetigter betrag:1.4, kreditbetrag:0.6',
  },
  {
    code: 'words-account',
    most: 8,
    phrases:
      'unusual signin:1, signin activity:0.8, tried to log in:0.6, someone tried to:0.5, sign in attempt:0.5, report the user:1.2, verify your account:1.6, verify your identity:1, verify your:0.4, confirm your account:1.3, confirm your identity:0.9, account has been suspended:1.6, account has been limited:1.8, account will be:0.6, account will be closed:1.2, account will be deactivated:1.5, account suspended:1.2, account locked:0.8, has been locked:0.5, will be suspended:1, ' +
      'unusual activity:0.9, unusual sign-in:0.5, suspicious activity:0.7, unauthorized access:0.6, password expire*:1.3, password will expire:1, password expires today:1.2, mailbox is full:1.5, mailbox full:1, mailbox storage:1, storage limit:0.5, exceeded:0.3, exceeded storage:1, upgrade your mailbox:1.8, webmail:0.5, webmail upgrade:1.4, re-validate:1.6, revalidate:1.5, keep same password:2, keep current password:2, ' +
      'validate your:1, update your payment:0.6, payment information:0.3, payment declined:0.7, click here to:0.5, click below:0.5, click the link below:0.6, click here:0.4, login here:0.6, konto wurde gesperrt:1.7, konto gesperrt:1, konto eingeschraenkt:1.4, konto wurde eingeschraenkt:1.4, konto wird gesperrt:1.5, karte wird gesperrt:1.5, karte wurde gesperrt:1.3, konto bestaetigen:0.7, zugang gesperrt:0.9, zugang wird gesperrt:1.3, ' +
      'daten bestaetigen:0.9, daten zu bestaetigen:0.9, bestaetigen sie ihre daten:1.4, bestaetigen sie ihr konto:1.2, bestaetigen sie ihre identitaet:0.8, verifizieren:0.6, verifizieren sie:0.8, kundendaten:0.4, daten aktualisieren:0.7, daten abgleichen:1, datenabgleich:1.2, ungewoehnliche aktivitaet*:1, verdaechtige aktivitaet*:0.8, unbefugte*:0.3, passwort laeuft:1, passwort beibehalten:2, postfach ist voll:1.3, postfach voll:0.8, ' +
      'speicherplatz voll:0.7, speicherlimit:0.6, klicken sie hier:0.4, hier klicken:0.4, klicken sie auf:0.3, sicherheitsverfahren:0.6, pushtan:0.6, photo-tan:0.6, phototan:0.6, tan-verfahren:0.5, seed phrase:1.6, recovery phrase:1.4, wallet verifizieren:1.4, elster:0.2, steuerrueckerstattung:1, tax refund:1.1, refund of:0.3, rueckerstattung von:0.4, finanzonline:0.2, id austria:0.2, id austria laeuft:1.3, meta business:0.8, copyright violation:1, account permanently:1, dauerhaft gesperrt:1, permanently disabled:1, dauerhaft deaktiviert:1, dear customer:0.4, dear user:0.9, dear account owner:1.4, sehr geehrter kunde:0.3, lieber kunde:0.4, sehr geehrter nutzer:0.7, dear valued customer:0.6, pending messages:1.2, undelivered messages:1.2, incoming messages:0.7, zurueckgehaltene nachrichten:1, nicht zugestellte nachrichten:0.8, document shared:0.3, shared document:0.3, quarantined messages:0.7',
  },
  {
    code: 'words-parcel',
    most: 6,
    phrases:
      'your package:0.3, your parcel:0.3, package could not be delivered:1.2, parcel could not be delivered:1.2, could not be delivered:0.4, unable to deliver:0.5, delivery fee:1, shipping fee:0.9, customs fee:1.1, redelivery:0.8, redelivery fee:1, reschedule delivery:0.6, pay the fee:1, small fee:1.2, outstanding fee:0.9, is waiting:0.3, waiting for delivery:0.7, ' +
      'ihr paket:0.3, paket konnte nicht zugestellt werden:1.2, konnte nicht zugestellt werden:0.4, zustellgebuehr:1.1, versandgebuehr:0.8, versandkosten von:0.3, zollgebuehr*:1.1, einfuhrgebuehr*:0.7, erneute zustellung:0.7, wartet auf:0.2, wartet auf sie:0.4, kleine gebuehr:1.2, gebuehr von:0.4, gebuehr bezahlen:1, gebuehr zu bezahlen:1, zahlen sie die:0.4, 1 99:0.5, 2 99:0.5, 1 95:0.4, sendung wird zurueckgeschickt:1, returned to sender:0.5, zuruckgesendet:0.3, zurueckgesendet:0.3, unvollstaendige adresse:0.7, incomplete address:0.9, tracking number:0.1, address confirmation:0.6, within 24 hours:0.4, innerhalb von 24 stunden:0.4, innerhalb von 48 stunden:0.4, within 48 hours:0.4',
  },
  {
    code: 'words-extortion',
    most: 8,
    phrases:
      'hacked your:1.6, i hacked:2, have hacked:1.6, your device:0.3, infected:0.6, malware:0.4, trojan:0.7, trojaner:0.7, your webcam:1.8, webcam of your:1.5, ihre webcam:1.5, deine webcam:1.5, kamera aktiviert:1, recorded you:2, recorded a video:1.8, video of you:1.6, video von ihnen:1.6, video von dir:1.6, masturbat*:2.5, masturbier*:2.5, adult website*:1.4, adult sites:1.4, pornoseite*:1.8, erwachsenenseite*:1.5, ' +
      'your contacts:0.4, all your contacts:1.2, alle ihre kontakte:1, alle deine kontakte:1, an alle kontakte:1.2, send the video:1.6, bitcoin address:1.5, bitcoin adresse:1.5, bitcoin-adresse:1.5, bitcoin wallet:1.2, btc:0.9, in bitcoin:1.2, pay me:1.5, i will delete:1.2, loesche ich:1, do not try to:0.6, gehackt:0.9, ich habe ihr:0.3, zugriff auf ihr:0.4, full access to:0.5, vollen zugriff:0.5, ransom:1.2, loesegeld:1.4, 48 hours to pay:1.6, 48 stunden zeit:1, embarrass*:0.8, peinlich*:0.4, your password is:1.2, ihr passwort lautet:0.9, destroy your reputation:2, ruf zerstoeren:1.6',
  },
  {
    code: 'words-marketing',
    most: 8,
    phrases:
      'seo:0.6, seo service*:1.5, first page of google:2, first page on google:2, top of google:1.3, rank your:1, rank higher:1.2, ranking on google:1.2, seite 1 bei google:1.8, erste seite bei google:1.8, google-ranking:1, google ranking:0.8, backlinks:1.5, guest post*:1.5, gastbeitrag:0.6, link insertion:1.6, website traffic:1, web traffic:1, website design:0.6, redesign your website:1.4, redesign:0.3, visited your website:1, came across your website:1.2, ' +
      'bin auf ihre website gestossen:1, auf ihre webseite gestossen:1, errors on your website:1.4, fehler auf ihrer website:0.8, email list:1.2, email lists:1.4, mailing list of:1, contact list:0.5, email database:1.6, e-mail-adressen kaufen:2, adressdatenbank:0.9, decision makers:0.7, leads:0.5, targeted leads:1.3, quote and pricelist:0.8, send you a quote:0.6, app development:0.5, offshore:0.4, outsourc*:0.4, interested in our:0.3, ' +
      'leading manufacturer:1, professional manufacturer:1.2, we are a factory:1.4, factory in china:1.5, factory price:1.3, from china:0.5, competitive price*:0.7, our catalog*:0.4, dear purchasing manager:1.6, purchasing manager:0.6, dear manager:0.9, dear sir madam:0.4, dear sir:0.2, led lights:0.5, free sample*:0.7, moq:0.7, replica:1.5, rolex:1.5, luxury watches:1.5, luxusuhren:1.3, designer bags:1.3, designer handtaschen:1, replika:1.3, 90 off:0.9, 90 rabatt:0.9, 80 rabatt:0.7, 80 off:0.7, bulk email:1.5, one hundred thousand:0.3, facebook followers:1.6, instagram followers:1.5, follower kaufen:1.8, buy followers:1.8, google reviews:0.9, 5-star reviews:1.1, google bewertungen kaufen:2, bewertungen kaufen:1.6, positive bewertungen:0.5, reply stop:0.4, reply no:0.5, photovoltaik:0.3, solaranlage:0.3, treppenlift:0.9, waermepumpe:0.2, fotovoltaik:0.3, private krankenversicherung:0.8, zahnzusatzversicherung:0.6, sterbegeld*:0.9, hoergeraete:0.5, nur heute:0.4, today only:0.5, only today:0.5, unglaublich*:0.3, amazing:0.2, act now:1, jetzt zuschlagen:0.6, nicht verpassen:0.2, limited time:0.4, 100 free:0.7, 100 kostenlos:0.6, once in a lifetime:1.1',
  },
  {
    code: 'words-job',
    most: 8,
    phrases:
      'work from home:1, working from home:0.3, von zu hause aus:0.5, von zuhause arbeiten:0.9, heimarbeit:1.1, nebenverdienst:1.2, nebenjob:0.5, zusatzeinkommen:1.1, extra income:1.2, easy money:1.6, leicht verdientes geld:1.6, no experience:0.8, no experience needed:1, keine vorkenntnisse:0.6, keine erfahrung noetig:0.9, part-time:0.3, part time job:1, per week:0.3, pro woche:0.2, euro pro woche:0.9, euro am tag:0.9, dollars a week:1.2, ' +
      'payment processing agent:2, financial agent:1.8, finanzagent*:1.8, zahlungsabwickl*:0.5, mystery shopper:1.7, testkaeufer:0.9, testkaeufer gesucht:1, paketagent*:2, receive packages:1.2, pakete empfangen:1.2, pakete annehmen:0.9, commission:0.4, provision:0.2, provision behalten:1.4, keep a commission:1.5, 10 provision:0.6, recruitment team:0.4, whatsapp:0.4, telegram:0.4, contact us on whatsapp:0.8, via whatsapp:0.4, auf whatsapp:0.4, like videos:1.1, videos liken:1.3, hotels bewerten:1.3, online-bewerter:1.3, optimieren von apps:1.2, rate hotels:1.3',
  },
  {
    code: 'words-pressure',
    most: 2,
    phrases:
      'urgent:0.5, urgent response:1, urgently:0.4, dringend:0.3, immediately:0.3, sofort handeln:0.9, handeln sie jetzt:0.9, act now:0.6, letzte chance:0.4, last chance:0.4, final notice:0.6, last warning:0.8, letzte warnung:0.8, letzte mahnung:0.2, expires today:0.5, laeuft heute ab:0.5, strictly confidential:0.9, streng vertraulich:0.8, kindly:0.3, do the needful:0.8, respond urgently:1, antworten sie umgehend:0.6, this is not spam:1.6, dies ist kein spam:1.6, no obligation:0.4, unverbindlich:0.1, 100 guaranteed:0.8, 100 garantiert:0.8, garantiert:0.2, risk free:0.3, money back:0.3, geld-zurueck-garantie:0.3, order now:0.4, jetzt bestellen:0.2, buy now:0.3, reply to my private email:1.6, private email address:0.9, private e-mail-adresse:0.9, contact me at:0.2, contact me on:0.4, full name address:1, full names:0.7, vollstaendiger name:0.3, your phone number:0.3, ihre telefonnummer:0.2',
  },
];
