import { parseUrl } from '../../addresses/parse-url.ts';

const host = String.raw`(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,}`;
/** A web address within the text, or a text that is nothing but a host with a path. */
const named = [new RegExp(`(?:https?://(?:[^/\\s@]*@)?|\\bwww\\.)(${host})`, 'iu'), new RegExp(`^(${host})(?:[/?#:]\\S*)?$`, 'iu')];

/** What a bare word must end with to be a place on the web: "Rechnung.pdf" is a file, "Dr.Huber" a person. */
const endings =
  'com net org info biz edu gov mil int mobi name pro shop store online site app dev cloud blog wien tirol berlin hamburg koeln bayern swiss bank ' +
  'email news club live link page space website tech work world life today xyz top agency digital media services solutions support travel';
const ending = new RegExp(`\\.(?:(?!js$|ts$|cs$|md$|py$|sh$|pl$|rs$)[a-z]{2}|xn--[a-z0-9-]+|${endings.replaceAll(' ', '|')})$`, 'i');
const isPlace = (host: string): boolean => ending.test(parseUrl(`http://${host}`)?.hostname ?? '');

/** Without what is drawn as nothing, and with the full stops that browsers take for one. */
const asSeen = (text: string): string =>
  text
    .slice(0, 5000)
    .replace(/\p{Cf}/gu, '')
    .replace(/[。．｡]/g, '.')
    .trim();

const bare = (name: string): string => name.toLowerCase().replace(/^www\./, '');

/** Whoever wrote the letter, where his domain vouches for it. */
export interface OwnHouse {
  /** his organisation's domain */
  domain: string;
  /** a letter to many, which one can be taken off: its links count who follows them */
  counts: boolean;
}

/**
 * The host a link leads to, when its text names another one; null when it names none, or one of the same house (one is the other, or
 * lies below it; both are the author's own). "www.bank.at" that leads to evil.example: "evil.example".
 */
export function misleadingHost(text: string, href: string, house: OwnHouse | null = null): string | null {
  const target = unwrapped(parseUrl(href));
  if (!target || !isWeb(target)) return null;
  const seen = asSeen(text);
  const [written, bareWord] = named.map((pattern) => pattern.exec(seen)?.[1]);
  const said = written ?? (bareWord !== undefined && isPlace(bareWord) ? bareWord : undefined);
  const place = said === undefined ? null : parseUrl(`http://${said}`);
  if (!place) return null;
  const [promised, real] = [bare(place.hostname), bare(target.hostname)];
  if (isWithin(real, promised) || isWithin(promised, real)) return null;
  if (house && isWithin(promised, house.domain) && (house.counts || isWithin(real, house.domain))) return null;
  return target.hostname;
}

const isWeb = ({ protocol }: URL): boolean => protocol === 'http:' || protocol === 'https:';
const isWithin = (host: string, domain: string): boolean => host === domain || host.endsWith(`.${domain}`);

/** Services that look at each link first: they write themselves into letters of others, and lead to the address that stands in theirs. */
const wrappers: readonly (readonly [RegExp, string])[] = [
  [/^[a-z0-9]+\.safelinks\.protection\.outlook\.com\//, 'url'],
  [/^www\.google\.com\/url$/, 'q'],
  [/^linkprotect\.cudasvc\.com\/url$/, 'a'],
  [/^clicktime\.symantec\.com\//, 'u'],
];
const guarded = /^https:\/\/urldefense\.(?:proofpoint\.)?com\/v3\/__(https?:\/\/?[^/?#\s]{1,300})/;

function unwrapped(url: URL | null): URL | null {
  const parameter = url && wrappers.find(([place]) => place.test(url.hostname + url.pathname))?.[1];
  const inside = parameter ? soleTarget(url.searchParams, parameter) : guarded.exec(url?.href ?? '')?.[1]?.replace(/:\/(?!\/)/, '://');
  const target = inside ? parseUrl(inside) : null;
  return target && isWeb(target) ? target : url;
}

/** Of two targets nobody knows which one the service follows. */
const soleTarget = (parameters: URLSearchParams, name: string): string | null =>
  wrappers.flatMap(([, each]) => parameters.getAll(each)).length === 1 ? parameters.get(name) : null;
