import type { Judgement } from '../../lib/mime/judgement.ts';
import { isAnybodys } from '../../lib/addresses/anybodys.ts';
import { hasCheapSuffix, pretendedBrand } from './judge-links.ts';
import type { LetterFeatures } from './letter-features.ts';

/** names of houses that are words, trades or family names as well, or of many houses with domains of their own */
const others = new Set(
  'post booking hermes elster telegram magenta apple ups dpd gls dkb adobe trezor oebb disney correios correos sparkasse volksbank raiffeisen'.split(
    ' ',
  ),
);
/** what stands beside a house's name in its own letters, and in those of who pretends to be it */
const beside = new Set(
  (
    'ag gmbh inc ltd llc sa se com de at ch eu net org the ihr ihre your von from by bei team online info infos news post mail email no reply noreply donotreply service services ' +
    'kundenservice kundendienst kundenbetreuung kundencenter kundenkonto support customer client care center centre help desk helpdesk hilfe konto account accounts billing ' +
    'abrechnung rechnung rechnungen invoice zahlung zahlungen payment payments banking bank security secure sicherheit sicherheitsteam safety alert alarm notice notification ' +
    'notifications notificacion benachrichtigung benachrichtigungen mitteilung mitteilungen nachricht nachrichten warning warnung update updates verification verify verifizierung ' +
    'express paket pakete paketzustellung paketdienst zustellung zustelldienst versand lieferung parcel delivery deliveries shipping shipment logistics sendung ' +
    'deutschland germany austria oesterreich schweiz suisse international official offiziell prime gewinnspiel reward rewards ' +
    'servicio cliente clientes atencion atendimento suporte seguranca conta banco servizio clienti assistance securite'
  ).split(' '),
);

/** Nothing but that house's name and what letters of houses call themselves: nobody is called so, and no house calls itself after another. */
const isItsName = (name: string, brand: string): boolean =>
  !others.has(brand) &&
  name
    .replace(brand, ' ')
    .split(/[\s-]+/)
    .every((word) => word === '' || beside.has(word));

/** The house itself vouches that it is sent for it, under whatever address. */
const isSentFor = (brand: string, { spf, dkim }: Judgement): boolean =>
  [...(spf ? [spf] : []), ...dkim].some(({ result, domain }) => result === 'pass' && pretendedBrand(brand, domain) === null);

/**
 * Whether a reader is to be told, wherever the letter lies, that its author bears a name that is not his. Only what leaves no doubt: what
 * another domain attests may be one of that house's own that nobody here knows of, and a list an agency's.
 */
export function isBorrowedName(brand: string, { fromName, fromDomain, isList }: LetterFeatures, judgement: Judgement | null): boolean {
  if (!judgement || judgement.verdict === 'undecided' || !isItsName(fromName, brand) || isSentFor(brand, judgement)) return false;
  // no house writes from there, whoever stands for it
  if (hasCheapSuffix(fromDomain)) return true;
  return !isList && (judgement.verdict !== 'attested' || isAnybodys(fromDomain));
}
