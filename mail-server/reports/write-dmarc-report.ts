import type { CountedFacts } from '../store/reports/report-sending.ts';
import type { DmarcFacts, ReportedPolicy } from './dmarc-facts.ts';
import type { ReportHead } from './report-head.ts';

/** The report of one policy in the form of RFC 9990, whose elements are those that RFC 7489 has too. */
export function writeDmarcReport(head: ReportHead, policy: ReportedPolicy, rows: readonly CountedFacts<DmarcFacts>[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0">',
    element('version', '1.0'),
    element('report_metadata', [
      element('org_name', head.hostName),
      element('email', head.contact),
      element('report_id', head.id),
      element('date_range', [element('begin', String(head.begin)), element('end', String(head.end))]),
      element('generator', 'Postamt'),
    ]),
    published(policy),
    ...rows.map(record),
    '</feedback>',
    '',
  ].join('\n');
}

const published = ({ domain, p, sp, np, adkim, aspf, fo, testing }: ReportedPolicy): string =>
  element('policy_published', [
    element('domain', domain),
    element('discovery_method', 'treewalk'),
    element('p', p),
    // unspecified tags have their default values (RFC 9990 section 3.1.1.6)
    element('sp', sp || p),
    element('np', np || sp || p),
    ...(fo === '' ? [] : [element('fo', fo)]),
    element('adkim', adkim),
    element('aspf', aspf),
    element('testing', testing ? 'y' : 'n'),
  ]);

const record = ({ facts, count }: CountedFacts<DmarcFacts>): string =>
  element('record', [
    element('row', [
      element('source_ip', facts.ip),
      element('count', String(count)),
      element('policy_evaluated', [
        element('disposition', facts.disposition),
        element('dkim', facts.dkim),
        element('spf', facts.spf),
        ...(facts.reason === '' ? [] : [element('reason', [element('type', facts.reason)])]),
      ]),
    ]),
    element('identifiers', [element('header_from', facts.headerFrom), element('envelope_from', facts.envelopeFrom)]),
    element('auth_results', [
      ...facts.signatures.map(({ domain, selector, result }) =>
        element('dkim', [element('domain', domain), element('selector', selector), element('result', result)]),
      ),
      ...(facts.sender
        ? [element('spf', [element('domain', facts.sender.domain), element('scope', 'mfrom'), element('result', facts.sender.result)])]
        : []),
    ]),
  ]);

/** Text is escaped; a list holds elements that are written already. */
function element(name: string, content: string | readonly string[]): string {
  if (typeof content === 'string') return `<${name}>${escaped(content)}</${name}>`;
  return `<${name}>\n${content.join('\n')}\n</${name}>`;
}

const characters: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => characters[character] ?? '').replace(/\p{Cc}/gu, '');
