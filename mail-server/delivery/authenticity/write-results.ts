import type { Judgement } from '../../../lib/mime/judgement.ts';

/**
 * The Authentication-Results field (RFC 8601) with its line end, written from the judgement for programs and hosts that read it. Only
 * words of closed sets and names that a DNS can hold are written, so nothing of a message or an envelope can write results of its own.
 */
export function writeResults(hostName: string, { spf, dkim, dmarc, arc }: Judgement): string {
  const results = [
    spf ? `spf=${word(spf.result)}${property('smtp.mailfrom', spf.domain)}` : '',
    ...(dkim.length === 0 ? ['dkim=none'] : []),
    ...dkim.map(({ result, domain, selector }) => `dkim=${word(result)}${property('header.d', domain)}${property('header.s', selector)}`),
    ...dmarc.map(
      ({ result, domain, policy }) =>
        `dmarc=${word(result)}${policy === '' ? '' : ` (p=${word(policy)})`}${property('header.from', domain)}`,
    ),
    arc === null ? '' : `arc=${word(arc)}`,
  ];
  return `Authentication-Results: ${hostName};\r\n\t${results.filter((result) => result !== '').join(';\r\n\t')}\r\n`;
}

const word = (text: string): string => (/^[a-z]{1,20}$/.test(text) ? text : 'neutral');
const property = (name: string, value: string): string => (/^[a-z0-9_][a-z0-9_.-]{0,252}$/.test(value) ? ` ${name}=${value}` : '');
