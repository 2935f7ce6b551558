import { isIP } from 'node:net';
import { domainToUnicode } from 'node:url';
import { getDomain, getPublicSuffix } from 'tldts';
import { asLatin } from './fold-text.ts';
import type { Reason } from './reason.ts';
import type { Link } from './scan-html.ts';
import { parseUrl } from '../../lib/addresses/parse-url.ts';

/** What a letter's links show by themselves; whose letter it is, is asked later. */
export interface LinkFindings {
  /** organisations that are linked to, at most 50 */
  domains: string[];
  reasons: Reason[];
  /** how many links there are to other hosts */
  count: number;
}

const shorteners = new Set(
  (
    'bit.ly tinyurl.com t.ly is.gd v.gd cutt.ly rebrand.ly ow.ly buff.ly shorturl.at rb.gy tiny.cc t.co goo.gl s.id qrco.de lnk.to urlz.fr ' +
    'clck.ru u.to bl.ink short.io shorte.st adf.ly'
  ).split(' '),
);
/** hosts where anybody puts up a page within a minute; used by honest people too, so little weight alone */
const anybodysPages =
  /(?:^|\.)(?:web\.app|firebaseapp\.com|weebly\.com|weeblysite\.com|wixsite\.com|glitch\.me|pages\.dev|run\.app|appspot\.com|cloudfunctions\.net|cloudfront\.net|azurewebsites\.net|azureedge\.net|amplifyapp\.com|trycloudflare\.com|onrender\.com|page\.link|secureserver\.net|myftpupload\.com|workers\.dev|r2\.dev|herokuapp\.com|netlify\.app|vercel\.app|000webhostapp\.com|blogspot\.com|duckdns\.org|ngrok\.io|ngrok-free\.app|square\.site|ukit\.me|strikingly\.com|godaddysites\.com|ipfs\.io|dweb\.link|translate\.goog|sites\.google\.com|forms\.gle|storage\.googleapis\.com|blob\.core\.windows\.net|s3\.amazonaws\.com)$/;
const cheapSuffixes = new Set(
  'bet casino vip life today world rocks sale loans credit cheap discount date dating sexy adult porn webcam top xyz icu click buzz cam rest cfd sbs monster quest bond cyou hair beauty skin makeup autos boats homes yachts lol mom pics fit gq cf ml ga tk work loan win bid racing review stream download surf live shop online site space fun website store'.split(
    ' ',
  ),
);
export const hasCheapSuffix = (host: string): boolean => cheapSuffixes.has(getPublicSuffix(host) ?? '');

/** names that are pretended most, and the domains that are theirs */
const brands: readonly (readonly [name: string, own: RegExp])[] = [
  ['paypal', /^paypal(?:-\w+)?\./],
  ['amazon', /^(?:amazon(?:ses|aws)?|amzn|media-amazon)\./],
  ['netflix', /^netflix\./],
  ['spotify', /^spotify\./],
  ['microsoft', /^(?:microsoft|microsoftonline|office|office365|outlook|live|sharepoint)\./],
  ['apple', /^(?:apple|icloud|me)\./],
  ['google', /^(?:google|googlemail|youtube|gmail)\./],
  ['facebook', /^(?:facebook|facebookmail|meta|fb)\./],
  ['instagram', /^(?:instagram|facebookmail)\./],
  ['whatsapp', /^whatsapp\./],
  ['linkedin', /^linkedin\./],
  ['dhl', /^dhl\./],
  ['ups', /^ups\./],
  ['dpd', /^dpd\w*\./],
  ['gls', /^gls-?\w*\./],
  ['hermes', /^(?:hermes\w*|myhermes)\./],
  ['post', /^(?:post|postnord|deutschepost|oesterreichischepost)\./],
  ['sparkasse', /^(?:sparkasse[\w-]*|spk[\w-]*|s-\w+|erstebank|erstegroup)\./],
  ['volksbank', /^(?:(?=[\w-]*volksbank)|vr)[\w-]*\./],
  ['raiffeisen', /^(?:(?=[\w-]*raiffeisen)[\w-]*|rbinternational|rlb\w*)\./],
  ['commerzbank', /^commerzbank\./],
  ['postbank', /^postbank\./],
  ['bawag', /^bawag\w*\./],
  ['santander', /^santander\w*\./],
  ['ing-diba', /^ing\w*\./],
  ['docusign', /^docusign\./],
  ['dropbox', /^dropbox\w*\./],
  ['metamask', /^metamask\./],
  ['binance', /^binance\w*\./],
  ['coinbase', /^coinbase\./],
  ['ionos', /^(?:ionos|1und1|1and1)\./],
  ['strato', /^strato\./],
  ['telekom', /^(?:telekom|t-online)\./],
  ['finanzonline', /^bmf\./],
  ['elster', /^elster\./],
  ['klarna', /^klarna\./],
  ['ebay', /^ebay\w*\./],
  ['booking', /^booking\./],
  ['temu', /^temu\./],
  ['shein', /^shein\./],
  ['lidl', /^lidl\./],
  ['kaufland', /^kaufland\./],
  ['edeka', /^edeka\./],
  ['rewe', /^rewe\./],
  ['mediamarkt', /^mediamarkt\w*\./],
  ['aliexpress', /^aliexpress\./],
  ['fedex', /^fedex\./],
  ['usps', /^usps\./],
  ['vodafone', /^vodafone\w*\./],
  ['swisscom', /^swisscom\./],
  ['postfinance', /^postfinance\./],
  ['oebb', /^oebb\w*\./],
  ['comdirect', /^comdirect\./],
  ['targobank', /^targobank\./],
  ['easybank', /^easybank\./],
  ['disney', /^disney\w*\./],
  ['icloud', /^(?:apple|icloud)\./],
  ['trezor', /^trezor\./],
  ['opensea', /^opensea\./],
  ['mcafee', /^mcafee\./],
  ['revolut', /^revolut\./],
  ['oegk', /^(?:oegk|gesundheitskasse)\./],
  ['a1 telekom', /^a1\w*\./],
  ['magenta', /^(?:magenta|telekom|t-mobile)\./],
  ['billa', /^(?:billa|rewe\w*)\./],
  ['bank austria', /^(?:bankaustria|unicredit\w*)\./],
  ['erste bank', /^(?:erstebank|erstegroup|sparkasse[\w-]*)\./],
  ['trust wallet', /^trustwallet\./],
  ['geek squad', /^(?:geeksquad|bestbuy)\./],
  ['deutsche bank', /^(?:deutsche-bank|deutschebank|db)\./],
  ['hypovereinsbank', /^(?:hypovereinsbank|unicredit\w*)\./],
  ['dkb', /^dkb\./],
  ['n26', /^n26\./],
  ['zalando', /^zalando[\w-]*\./],
  ['american express', /^(?:americanexpress|aexp|amexgbt|payback)\./],
  ['mastercard', /^(?:mastercard|mastercardfdn|gebuhrenfrei|advanzia|paylife)\./],
  ['wells fargo', /^(?:wellsfargo|wellsfargoadvisors|wellsfargoemail)\./],
  ['bank of america', /^(?:bankofamerica|bofa|bofasecurities)\./],
  ['hsbc', /^hsbc\w*\./],
  ['barclays', /^barclay\w*\./],
  ['banco do brasil', /^(?:bb|bancodobrasil)\./],
  ['bradesco', /^bradesco\w*\./],
  ['nubank', /^nubank\./],
  ['royal mail', /^(?:royalmail|royalmailgroup)\./],
  ['la poste', /^(?:laposte|groupelaposte|colissimo|chronopost|post|poste)\./],
  ['colissimo', /^(?:laposte|colissimo)\./],
  ['chronopost', /^chronopost\./],
  ['correios', /^correios\./],
  ['correos', /^correos\./],
  ['poste italiane', /^(?:poste|posteitaliane|postepay)\./],
  ['postnl', /^postnl\./],
  ['bpost', /^bpost\./],
  ['adobe', /^adobe\w*\./],
  ['wetransfer', /^wetransfer\./],
  ['airbnb', /^(?:airbnb|airbnbmail)\./],
  ['walmart', /^walmart\./],
  ['costco', /^(?:costco|costcotravel)\./],
  ['openai', /^(?:openai|chatgpt)\./],
  ['chatgpt', /^(?:openai|chatgpt)\./],
  ['lastpass', /^lastpass\./],
  ['telegram', /^(?:telegram|thetelegram)\./],
  ['tiktok', /^tiktok\w*\./],
  ['pancakeswap', /^pancakeswap\./],
  ['uniswap', /^uniswap\./],
  ['oesterreichische gesundheitskasse', /^(?:oegk|gesundheitskasse)\./],
];

/** houses that honest letters lead to from everywhere: calendars, payments, films, lists, shops */
const services = new Set(
  (
    'youtube.com youtu.be vimeo.com zoom.us stripe.com list-manage.com mailchi.mp mailchimp.com eventbrite.com eventbrite.at eventbrite.de typeform.com surveymonkey.com ' +
    'wikipedia.org github.com gitlab.com trello.com atlassian.net wetransfer.com we.tl doodle.com calendly.com hubspot.com shopify.com myshopify.com sendinblue.com brevo.com cleverreach.com ' +
    'rapidmail.de mailjet.com sendfox.com substack.com linktr.ee goo.gl maps.app.goo.gl app.goo.gl slack.com notion.so figma.com canva.com teams.live.com webex.com gotomeeting.com jotform.com'
  ).split(' '),
);
/** houses that send newsletters for others and count who opens them: every link leads there first */
const posters = new Set(
  (
    'sendgrid.net mjt.lu sendibm1.com sendibm2.com sendibm3.com sendibt2.com sendibt3.com hubspotlinks.com hubspotemail.net hs-sites.com awstrack.me rs6.net constantcontact.com cmail19.com cmail20.com ' +
    'createsend1.com createsend.com mailerlite.com mlsend.com getresponse.com klaviyomail.com nl2go.com newsletter2go.com emailsys1a.net emailsys1c.net emailsys2a.net mailworx.info dialog-mail.com srv2.de ' +
    'elaine-asp.de evalanche.com sc-networks.com inxserver.de inxmail.com crsend.com exacttarget.com salesforce.com pardot.com eloqua.com en25.com mktdns.com mailgun.org sparkpostmail.com zohomail.com'
  ).split(' '),
);
export const isPoster = (domain: string): boolean => posters.has(domain);

/** A link there says nothing of who sent the letter. */
export const isWellKnown = (domain: string): boolean => services.has(domain) || isBrandItself(domain);

const hostOf = (href: string): string | null => (/^https?:/i.test(href) ? (parseUrl(href)?.hostname.replace(/\.$/, '') ?? null) : null);
const organisation = (host: string): string => getDomain(host, { allowPrivateDomains: false }) ?? host;
const named = /^(?:https?:\/\/)?(?:www\.)?((?:[\p{L}\p{N}-]{1,63}\.){1,6}\p{L}{2,24})(?:[/?#:]\S*)?$/iu;

/** The brand that a text names while the domain is not its own; null: none. */
export function pretendedBrand(text: string, domain: string): string | null {
  const own = organisation(domain);
  for (const [brand, owned] of brands) {
    const at = text.indexOf(brand);
    if (at < 0 || owned.test(own)) continue;
    const before = text.charCodeAt(at - 1);
    const after = text.charCodeAt(at + brand.length);
    // short names stand within other words
    if (!(isLetter(before) || isLetter(after)) || brand.length > 6) return brand;
  }
  return null;
}
/** The brand that a name of a host is to be taken for, though it is written otherwise ("paypa1-service.com", "arnazon.de"); null: none. */
export function imitatedBrand(host: string): string | null {
  const shown = host.includes('xn--') ? asLatin(domainToUnicode(host)) : host;
  for (const one of ['l', 'i']) {
    const read = shown.replace(/[01345]|rn|vv/g, (sign) => (sign === '1' ? one : (readAs[sign] ?? sign)));
    const brand = read === host ? null : pretendedBrand(read, host);
    // short names are read into many
    if (brand !== null && brand.length > 4 && !host.includes(brand)) return brand;
  }
  return null;
}
const readAs: Record<string, string> = { 0: 'o', 3: 'e', 4: 'a', 5: 's', rn: 'm', vv: 'w' };

/** One of the houses that others pretend to be, under its own name: a name that goes on after it, anybody can register. */
export const isBrandItself = (domain: string): boolean => {
  const own = organisation(domain);
  return !hasCheapSuffix(own) && (isPlainly(own) || wholeNames.some((owned) => owned.test(own)));
};
const goesOn = ([, owned]: (typeof brands)[number]): boolean => owned.source.includes('\\w');
const wholeNames = brands.flatMap((each) => (goesOn(each) ? [] : [each[1]]));
const namesThatGoOn = new Set(brands.filter(goesOn).map(([brand]) => brand));
const usualSuffixes = new Set(['com', 'de', 'at', 'ch', 'eu', 'net', 'org', 'co.uk']);
const isPlainly = (domain: string): boolean => {
  const [name = '', ...suffix] = domain.split('.');
  return namesThatGoOn.has(name) && usualSuffixes.has(suffix.join('.'));
};
const isLetter = (code: number): boolean => code >= 97 && code <= 122;

type Note = (code: Reason['code'], points: number, data: string) => void;

function judgeHost(host: string, domain: string, note: Note): void {
  if (shorteners.has(host)) note('link-shortened', 0.9, host);
  if (host.includes('xn--')) note('link-disguised', 1, host);
  if (anybodysPages.test(host)) note('link-with-sign-in', 0.7, host);
  if (hasCheapSuffix(host)) note('link-disguised', 1, host);
  const brand = pretendedBrand(host, domain) ?? imitatedBrand(host);
  if (brand) note('link-of-brand', 2.2, host);
}

/** Looks at each link of a letter. Linear time. */
export function judgeLinks(links: readonly Link[]): LinkFindings {
  const found = new Map<string, Reason>();
  const domains = new Set<string>();
  /** the organisation of each host: a newsletter leads to the same one a hundred times */
  const hosts = new Map<string, string>();
  const note: Note = (code, points, data) => {
    const before = found.get(code);
    if (!before || before.points < points) found.set(code, { code, points, data });
  };
  let count = 0;
  for (const { href, text } of links) {
    const host = hostOf(href);
    if (host === null) {
      if (/^(?:javascript|data):/i.test(href)) note('link-disguised', 2.5, href.slice(0, 40));
      continue;
    }
    count++;
    if (isIP(host.replace(/^\[|\]$/g, '')) !== 0) {
      note('link-to-number', 2.5, host);
      continue;
    }
    if (
      href
        .slice(0, 200)
        .replace(/^https?:\/\//i, '')
        .split(/[/?#]/, 1)[0]
        ?.includes('@')
    )
      note('link-disguised', 2.5, host);
    let domain = hosts.get(host);
    if (domain === undefined) {
      domain = organisation(host);
      hosts.set(host, domain);
      if (domains.size < 50) domains.add(domain);
      judgeHost(host, domain, note);
    }
    const said = named.exec(text)?.[1]?.toLowerCase();
    if (said !== undefined && organisation(said) !== domain && getPublicSuffix(said, { validateHostname: true }) !== null)
      note('link-pretends', 2, `${said} → ${host}`);
  }
  return { domains: [...domains], reasons: [...found.values()], count };
}
