import { isIP } from 'node:net';
import { XMLParser } from 'fast-xml-parser';
import { parseForeignDomain } from '../../lib/addresses/foreign-domain.ts';
import { countFrom, summed, textFrom, UnreadableReport, type ReceivedReport, type ReceivedRow } from './received-report.ts';

const repeated = new Set(['record', 'dkim', 'spf', 'reason']);
const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  // none are taken but the five that every document has
  processEntities: false,
  htmlEntities: false,
  isArray: (name, _, isLeaf) => repeated.has(name) && !(isLeaf && (name === 'dkim' || name === 'spf')),
  maxNestedTags: 20,
});

type Node = Readonly<Record<string, unknown>>;
const nodeOf = (value: unknown): Node => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {});
const listOf = (value: unknown): Node[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(nodeOf);

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const text = (value: unknown, longest?: number): string =>
  textFrom(value, longest).replace(/&(lt|gt|quot|apos|amp);/g, (whole, name: string) => entities[name] ?? whole);

/** A report as RFC 9990 has it, or RFC 7489 and what there was before. Throws UnreadableReport. */
export function readDmarcReport(document: string): ReceivedReport {
  // nobody needs a DTD to say this, and what it can do is harm
  if (/<!D/i.test(document)) throw new UnreadableReport('unreadable');
  refuseCostly(document);
  let root: Node;
  try {
    root = nodeOf(parser.parse(document));
  } catch {
    throw new UnreadableReport('unreadable');
  }
  // some hosts write the head of a schema in front of it
  const feedback = nodeOf(root['feedback'] ?? nodeOf(root['schema'])['feedback']);
  const metadata = nodeOf(feedback['report_metadata']);
  const range = nodeOf(metadata['date_range']);
  const published = nodeOf(feedback['policy_published']);
  const domain = parseForeignDomain(text(published['domain'], 300));
  const reportId = text(metadata['report_id']);
  const [from, until] = [countOfSeconds(range['begin']), countOfSeconds(range['end'])];
  if (!domain || reportId === '' || from === null || until === null) throw new UnreadableReport('unreadable');
  const rows = listOf(feedback['record']).map(rowOf);
  return {
    kind: 'dmarc',
    domain,
    reportId,
    organization: text(metadata['org_name']),
    from,
    until,
    policy: wordsOf(published, ['p', 'sp', 'np', 'adkim', 'aspf', 'fo', 'pct', 'testing']),
    rows: summed(rows.filter((row) => row !== null)),
  };
}

/** ten thousand records, as a large reporter writes them */
const mostTags = 400_000;
/** the schema has some forty elements, and extensions a few */
const mostNames = 200;
const mostInstructions = 20;

/**
 * The parser needs some microseconds for a tag, and far more for each name that it has not seen: a few kilobytes, unpacked, would keep a thread
 * for a minute in which it reads nobody else's letters.
 */
function refuseCostly(document: string): void {
  const name = /[^\s<>/]{0,100}/y;
  const names = new Set<string>();
  let [tags, instructions] = [0, 0];
  for (let at = document.indexOf('<'); at >= 0; at = document.indexOf('<', at + 1)) {
    if (document[at + 1] === '?') instructions++;
    name.lastIndex = at + 1;
    names.add(name.exec(document)?.[0] ?? '');
    if (++tags > mostTags || names.size > mostNames || instructions > mostInstructions) throw new UnreadableReport('large');
  }
}

/** Until the year 5138; `countFrom` would cut it. */
const countOfSeconds = (value: unknown): number | null => (/^\d{1,11}$/.test(text(value)) ? Number(text(value)) : null);

const word = (value: unknown): string => /^[a-z0-9_:-]{1,30}$/.exec(text(value, 40).toLowerCase())?.[0] ?? '';

const wordsOf = (node: Node, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, word(node[name])]).filter(([, value]) => value !== ''));

function rowOf(record: Node): ReceivedRow | null {
  const row = nodeOf(record['row']);
  const evaluated = nodeOf(row['policy_evaluated']);
  const identifiers = nodeOf(record['identifiers']);
  const results = nodeOf(record['auth_results']);
  const count = countFrom(row['count']);
  if (count === null || count === 0) return null;
  const source = text(row['source_ip'], 64).toLowerCase();
  const [dkim, spf] = [word(evaluated['dkim']), word(evaluated['spf'])];
  const signature = bestOf(listOf(results['dkim']));
  const sender = listOf(results['spf'])[0] ?? {};
  const facts = {
    dkim,
    spf,
    headerFrom: parseForeignDomain(text(identifiers['header_from'], 300)) ?? '',
    envelopeFrom: parseForeignDomain(text(identifiers['envelope_from'], 300)) ?? '',
    dkimDomain: parseForeignDomain(text(signature['domain'], 300)) ?? '',
    dkimSelector: text(signature['selector'], 100),
    dkimResult: word(signature['result']),
    spfDomain: parseForeignDomain(text(sender['domain'], 300)) ?? '',
    spfResult: word(sender['result']),
    reason: word(listOf(evaluated['reason'])[0]?.['type']),
  };
  return {
    source: isIP(source) === 0 ? '' : source,
    count,
    success: dkim === 'pass' || spf === 'pass',
    result: word(evaluated['disposition']) || 'none',
    facts: Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== '')),
  };
}

/** The signature that says most about who sent: one that holds. */
const bestOf = (signatures: readonly Node[]): Node => signatures.find((each) => word(each['result']) === 'pass') ?? signatures[0] ?? {};
