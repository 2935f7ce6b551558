import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import type { DmarcFacts } from '#mail-server/reports/dmarc-facts.ts';
import { destinationsIn } from '#mail-server/reports/find-destinations.ts';
import { readReport } from '#mail-server/reports/read-report.ts';
import { readTlsReport } from '#mail-server/reports/read-tls-report.ts';
import { headOf } from '#mail-server/reports/report-head.ts';
import { reportLetter } from '#mail-server/reports/report-letter.ts';
import { tlsResultOf } from '#mail-server/reports/tls-result.ts';
import { writeDmarcReport } from '#mail-server/reports/write-dmarc-report.ts';
import { writeTlsReport } from '#mail-server/reports/write-tls-report.ts';
import { askingFor } from '#lib/dns/expected-records.ts';
import { isWorldly } from '#lib/addresses/foreign-domain.ts';
import { isReportAddress } from '#lib/addresses/report-address.ts';

const part = (content: Buffer | string, type = 'application/octet-stream') =>
  Buffer.from(
    `Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n--b\r\n` +
      `Content-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(content).toString('base64')}\r\n--b--\r\n`,
  );
const record = (more = '') =>
  `<record><row><source_ip>192.0.2.7</source_ip><count>12</count><policy_evaluated><disposition>reject</disposition><dkim>fail</dkim><spf>fail</spf>` +
  `<reason><type>forwarded</type></reason></policy_evaluated></row><identifiers><header_from>muster.at</header_from></identifiers>` +
  `<auth_results><dkim><domain>evil.example</domain><result>fail</result></dkim><dkim><domain>list.example</domain><selector>s</selector>` +
  `<result>pass</result></dkim><spf><domain>list.example</domain><result>pass</result></spf></auth_results></record>${more}`;
const dmarc = (records = record(), domain = 'muster.at', prolog = '<?xml version="1.0"?>') =>
  `${prolog}<feedback><report_metadata><org_name>google.com</org_name><email>x@google.com</email><report_id>42</report_id>` +
  `<date_range><begin>1790000000</begin><end>1790086399</end></date_range></report_metadata>` +
  `<policy_published><domain>${domain}</domain><adkim>r</adkim><p>none</p><pct>100</pct></policy_published>${records}</feedback>`;

describe('a received DMARC report', () => {
  const expected = {
    kind: 'dmarc',
    domain: 'muster.at',
    reportId: '42',
    organization: 'google.com',
    from: 1_790_000_000,
    until: 1_790_086_399,
    policy: { p: 'none', adkim: 'r', pct: '100' },
    rows: [
      {
        source: '192.0.2.7',
        count: 12,
        success: false,
        result: 'reject',
        facts: {
          dkim: 'fail',
          spf: 'fail',
          headerFrom: 'muster.at',
          dkimDomain: 'list.example',
          dkimSelector: 's',
          dkimResult: 'pass',
          spfDomain: 'list.example',
          spfResult: 'pass',
          reason: 'forwarded',
        },
      },
    ],
  };

  test.each([
    ['plain', () => part(dmarc(), 'text/xml')],
    ['gzip', () => part(gzipSync(dmarc()), 'application/gzip')],
    ['gzip with a line end behind it', () => part(Buffer.concat([gzipSync(dmarc()), Buffer.from('\r\n')]))],
    ['behind the head of a schema', () => part(dmarc().replace('<feedback', '<xs:schema xmlns:xs="urn:x"><feedback'))],
    ['gzip that calls itself zip', () => part(gzipSync(dmarc()), 'application/zip')],
    ['zip', () => part(Buffer.from(zipSync({ 'a!b!1!2.xml': Buffer.from(dmarc()) })), 'application/zip')],
    ['zip, stored', () => part(Buffer.from(zipSync({ 'a.xml': Buffer.from(dmarc()) }, { level: 0 })), 'application/x-zip-compressed')],
    ['with a byte order mark', () => part(`\uFEFF${dmarc()}`)],
    [
      'with a name space and a prefix',
      () =>
        part(
          dmarc()
            .replaceAll(/<(\/?)(?=[a-z])/g, '<$1d:')
            .replace('<d:feedback', '<d:feedback xmlns:d="urn:x"'),
        ),
    ],
    [
      'in another message',
      () => Buffer.concat([Buffer.from('Subject: Fwd\r\nContent-Type: message/rfc822\r\n\r\n'), part(gzipSync(dmarc()))]),
    ],
  ])('is read: %s', (_, letter) => {
    expect(readReport(letter())).toEqual({ reports: [expected] });
  });

  test.each([
    ['nothing', () => Buffer.from('Subject: x\r\n\r\nHello\r\n'), 'none'],
    ['a broken archive', () => part(gzipSync(dmarc()).subarray(0, 60)), 'unreadable'],
    ['a broken zip', () => part(Buffer.from(zipSync({ a: Buffer.from(dmarc()) })).subarray(0, 80)), 'unreadable'],
    ['a bomb in gzip', () => part(gzipSync(Buffer.alloc(64 * 1024 * 1024, 32))), 'large'],
    ['a bomb in zip', () => part(Buffer.from(zipSync({ a: Buffer.alloc(64 * 1024 * 1024, 32) }))), 'large'],
    [
      'hundreds of thousands of names',
      () => part(gzipSync(dmarc(Array.from({ length: 300_000 }, (_, at) => `<a${at}/>`).join('')))),
      'large',
    ],
    ['instructions without end', () => part(gzipSync(dmarc('<?x?>'.repeat(300_000)))), 'large'],
    ['more records than anybody has', () => part(gzipSync(dmarc('<record/>'.repeat(450_000)))), 'large'],
    ['a zip that lies about its size', () => lying(), 'none'],
    ['entities', () => part(dmarc(record(), '&x;', '<?xml version="1.0"?><!DOCTYPE feedback [<!ENTITY x "muster.at">]>')), 'unreadable'],
    ['an entity bomb', () => part(dmarc(record(), '&z;', `<?xml version="1.0"?><!DOCTYPE f [<!ENTITY a "aaaa">${bomb()}]>`)), 'unreadable'],
    [
      'a file of this machine',
      () => part(dmarc(record(), '&x;', '<?xml version="1.0"?><!DOCTYPE f [<!ENTITY x SYSTEM "file:///etc/passwd">]>')),
      'unreadable',
    ],
    ['elements without end', () => part(`<feedback>${'<a>'.repeat(100_000)}`), 'unreadable'],
    ['no domain', () => part(dmarc(record(), 'a b')), 'unreadable'],
    ['no date', () => part(dmarc().replace('1790000000', 'soon')), 'unreadable'],
    ['another document', () => part('<?xml version="1.0"?><html><body/></html>'), 'unreadable'],
    ['JSON of something else', () => part('{"a": 1}'), 'unreadable'],
    ['JSON that is deep', () => part('['.repeat(500_000).replace('[', '{"a":')), 'unreadable'],
  ])('is none: %s', (_, letter, fault) => {
    expect(readReport(letter())).toEqual({ fault });
  });

  const lying = (): Buffer => {
    const zip = Buffer.from(zipSync({ a: Buffer.alloc(8 * 1024 * 1024, 32) }));
    // sizes in the directory and before the data
    for (const [signature, at] of [
      [0x504b0304, 22],
      [0x504b0102, 24],
    ] as const) {
      const start = zip.indexOf(Buffer.from(signature.toString(16).padStart(8, '0'), 'hex'));
      zip.writeUInt32LE(10, start + at);
    }
    return part(zip);
  };
  const bomb = () => Array.from({ length: 20 }, (_, at) => `<!ENTITY e${at} "${`&e${at - 1};`.repeat(20)}">`).join('');

  test('counts that are none count for nothing, huge ones no more than others, and rows are summed', () => {
    const odd = (count: string) => record().replace('<count>12<', `<count>${count}<`);
    const read = readReport(part(dmarc([odd('-5'), odd('1e9'), odd('0'), odd('9999999999999'), record(), record()].join(''))));
    const [report] = 'reports' in read ? read.reports : [];
    expect(report?.rows.map(({ count }) => count)).toEqual([1_000_000_000]);
  });

  test('of very many rows the sums stay right', () => {
    const rows = Array.from({ length: 900 }, (_, at) => record().replace('192.0.2.7', `10.0.${at >> 8}.${at & 255}`)).join('');
    const read = readReport(part(gzipSync(dmarc(rows))));
    const [report] = 'reports' in read ? read.reports : [];
    expect(report?.rows).toHaveLength(501);
    expect(report?.rows.reduce((sum, { count }) => sum + count, 0)).toBe(900 * 12);
  });

  test('what it says is shown as text in one line', () => {
    const read = readReport(part(dmarc().replace('<org_name>google.com', '<org_name>a&lt;b&gt; \u202e\u0007\n\nc &amp;lt;')));
    expect('reports' in read ? read.reports[0]?.organization : '').toBe('a<b> c &lt;');
  });
});

describe('a received TLS report', () => {
  const report = {
    'organization-name': 'Company-X',
    'date-range': { 'start-datetime': '2026-11-27T00:00:00Z', 'end-datetime': '2026-11-27T23:59:59Z' },
    'report-id': '5065427c-23d3',
    policies: [
      {
        policy: {
          'policy-type': 'sts',
          'policy-string': ['version: STSv1', 'mode: testing', 'mx: *.mail.muster.at'],
          'policy-domain': 'Muster.at',
        },
        summary: { 'total-successful-session-count': 5326, 'total-failure-session-count': 303 },
        'failure-details': [
          {
            'result-type': 'certificate-expired',
            'sending-mta-ip': '2001:db8:abcd:12::1',
            'receiving-mx-hostname': 'mx1.muster.at',
            'failed-session-count': 100,
          },
          { 'result-type': 'starttls-not-supported', 'sending-mta-ip': 'x', 'failed-session-count': 200, 'failure-reason-code': 'a\nb' },
        ],
      },
      { policy: { 'policy-type': 'tlsa', 'policy-domain': 'andere.at' }, summary: {} },
    ],
  };

  test('is read, with the sums of what it does not explain, one for each domain', () => {
    const [first, second] = readTlsReport(JSON.stringify(report));
    expect(first).toMatchObject({ domain: 'muster.at', policy: { type: 'sts', mode: 'testing' }, from: 1_795_737_600 });
    expect(first?.rows).toEqual([
      { source: '', count: 5326, success: true, result: 'successful', facts: { type: 'sts' } },
      { source: '', count: 200, success: false, result: 'starttls-not-supported', facts: { type: 'sts', reason: 'a b' } },
      {
        source: '2001:db8:abcd:12::1',
        count: 100,
        success: false,
        result: 'certificate-expired',
        facts: { type: 'sts', host: 'mx1.muster.at' },
      },
      { source: '', count: 3, success: false, result: 'unspecified', facts: { type: 'sts' } },
    ]);
    expect(second).toMatchObject({ domain: 'andere.at', rows: [] });
  });

  test('that is something else is none', () => {
    for (const wrong of ['null', '[]', '{"policies": 5}', JSON.stringify({ ...report, policies: [{ policy: 5 }] }), '{'])
      expect(() => readTlsReport(wrong)).toThrow(/not a report/);
  });
});

describe('a report of ours', () => {
  const head = headOf(
    'mail.muster.at',
    { day: '2026-11-27', kind: 'dmarc', organization: 'example.org', domain: 'example.org', attempts: 1 },
    0,
  );
  const facts: DmarcFacts = {
    policy: { domain: 'example.org', p: 'reject', sp: '', np: 'none', adkim: 'r', aspf: 's', fo: '1', testing: true },
    ip: '2001:db8::1',
    disposition: 'quarantine',
    dkim: 'fail',
    spf: 'pass',
    reason: 'policy_test_mode',
    headerFrom: 'a.example.org',
    envelopeFrom: '',
    signatures: [{ domain: 'x.example', selector: 's<1>', result: 'fail' }],
    sender: { domain: 'helo.example', result: 'pass' },
  };
  const xml = writeDmarcReport(head, facts.policy, [{ facts, count: 3 }]);

  /** The elements of RFC 9990 appendix A: of a sequence in this order, of the others (*) in any; "?" may be missing, "+" may come again. */
  const schema: Record<string, string> = {
    feedback: 'version? report_metadata policy_published extension? record+',
    report_metadata: '* org_name email extra_contact_info? report_id date_range error?+ generator?',
    date_range: '* begin end',
    policy_published: '* domain discovery_method? p sp? np? fo? adkim? aspf? testing?',
    record: 'row identifiers auth_results',
    row: 'source_ip count policy_evaluated',
    policy_evaluated: 'disposition dkim spf reason?+',
    reason: '* type comment?',
    identifiers: '* header_from envelope_from? envelope_to?',
    auth_results: 'dkim?+ spf?',
    'auth_results.dkim': '* domain selector result human_result?',
    'auth_results.spf': '* domain scope? result human_result?',
  };
  const words: Record<string, RegExp> = {
    version: /^1\.0$/,
    begin: /^\d+$/,
    end: /^\d+$/,
    p: /^(none|quarantine|reject)$/,
    sp: /^(none|quarantine|reject)$/,
    np: /^(none|quarantine|reject)$/,
    adkim: /^[rs]$/,
    aspf: /^[rs]$/,
    testing: /^[ny]$/,
    discovery_method: /^(psl|treewalk)$/,
    disposition: /^(none|pass|quarantine|reject)$/,
    'policy_evaluated.dkim': /^(pass|fail)$/,
    'policy_evaluated.spf': /^(pass|fail)$/,
    type: /^(local_policy|mailing_list|other|policy_test_mode|trusted_forwarder)$/,
    scope: /^mfrom$/,
    'dkim.result': /^(none|pass|fail|policy|neutral|temperror|permerror)$/,
    'spf.result': /^(none|neutral|pass|fail|softfail|temperror|permerror)$/,
  };

  type Ordered = Record<string, Ordered[]>[];
  const nameOf = (node: Ordered[number]) => Object.keys(node).find((key) => key !== ':@') ?? '';
  function check(name: string, parent: string, children: Ordered): void {
    const rule = schema[`${parent}.${name}`] ?? (name === 'dkim' || name === 'spf' ? undefined : schema[name]);
    const elements = children as unknown as Ordered[number][];
    const names = elements.map(nameOf);
    if (rule === undefined || names[0] === '#text') {
      const text = String((elements[0] as Record<string, unknown> | undefined)?.['#text'] ?? '');
      const pattern = words[`${parent}.${name}`] ?? words[name];
      if (pattern) expect(text, `${parent}/${name}`).toMatch(pattern);
      return;
    }
    const anyOrder = rule.startsWith('* ');
    const allowed = rule.replace('* ', '').split(' ');
    const known = allowed.map((each) => each.replace(/[?+]/g, ''));
    expect(
      names.filter((each) => !known.includes(each)),
      `in ${name}`,
    ).toEqual([]);
    for (const each of allowed) {
      const count = names.filter((one) => one === each.replace(/[?+]/g, '')).length;
      if (!each.includes('?')) expect(count, `${each} in ${name}`).toBeGreaterThan(0);
      if (!each.includes('+')) expect(count, `${each} in ${name}`).toBeLessThan(2);
    }
    if (!anyOrder) expect(names, name).toEqual(names.toSorted((left, right) => known.indexOf(left) - known.indexOf(right)));
    for (const element of elements) check(nameOf(element), name, element[nameOf(element)] as unknown as Ordered);
  }

  test('has the shape of the schema of RFC 9990', () => {
    expect(XMLValidator.validate(xml)).toBe(true);
    expect(xml).toContain('<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0">');
    const parsed = new XMLParser({ preserveOrder: true, ignoreAttributes: true, parseTagValue: false, ignoreDeclaration: true }).parse(
      xml,
    ) as Ordered;
    const [feedback] = parsed as unknown as Ordered[number][];
    expect(feedback && nameOf(feedback)).toBe('feedback');
    check('feedback', '', feedback?.['feedback'] as unknown as Ordered);
    expect(xml).toContain('<selector>s&lt;1&gt;</selector>');
  });

  test('is what we read of others', () => {
    const read = readReport(reportLetter({ kind: 'dmarc', head, packed: gzipSync(xml) }, 'x@example.org', new Date(0)));
    expect('reports' in read && read.reports[0]).toMatchObject({
      domain: 'example.org',
      reportId: head.id,
      from: 1_795_737_600,
      until: 1_795_823_999,
      policy: { p: 'reject', sp: 'reject', np: 'none', testing: 'y' },
      rows: [{ source: '2001:db8::1', count: 3, success: true, result: 'quarantine', facts: { reason: 'policy_test_mode' } }],
    });
  });

  test('about TLS has the members of RFC 8460 section 4.4, and is what we read of others', () => {
    const common = { type: 'sts', text: ['version: STSv1', 'mode: testing'], hosts: ['mx.example.org'] } as const;
    const text = writeTlsReport(head, [
      { facts: { ...common, result: 'successful', reason: '', sendingAddress: '', host: '', address: '' }, count: 7 },
      {
        facts: {
          ...common,
          result: 'certificate-expired',
          reason: 'CERT_HAS_EXPIRED',
          sendingAddress: '192.0.2.1',
          host: 'mx.example.org',
          address: '192.0.2.2',
        },
        count: 2,
      },
    ]);
    expect(JSON.parse(text)).toEqual({
      'organization-name': 'mail.muster.at',
      'date-range': { 'start-datetime': '2026-11-27T00:00:00Z', 'end-datetime': '2026-11-27T23:59:59Z' },
      'contact-info': 'postmaster@mail.muster.at',
      'report-id': head.id,
      policies: [
        {
          policy: { 'policy-type': 'sts', 'policy-string': common.text, 'policy-domain': 'example.org', 'mx-host': common.hosts },
          summary: { 'total-successful-session-count': 7, 'total-failure-session-count': 2 },
          'failure-details': [
            {
              'result-type': 'certificate-expired',
              'sending-mta-ip': '192.0.2.1',
              'receiving-mx-hostname': 'mx.example.org',
              'receiving-ip': '192.0.2.2',
              'failed-session-count': 2,
              'failure-reason-code': 'CERT_HAS_EXPIRED',
            },
          ],
        },
      ],
    });
    const [read] = readTlsReport(text);
    expect(read?.rows.map(({ count, success, result }) => [count, success, result])).toEqual([
      [7, true, 'successful'],
      [2, false, 'certificate-expired'],
    ]);
  });
});

describe('where a report goes', () => {
  test('is read from rua as RFC 9990 and RFC 8460 write it', () => {
    expect(destinationsIn('v=DMARC1; p=none; rua=mailto:a@x.example!10m, mailto:b%2Bc@Y.example,https://z.example/r?x=1')).toEqual([
      { kind: 'mail', address: 'a@x.example', domain: 'x.example', mostBytes: 10 * 1024 * 1024 },
      { kind: 'mail', address: 'b+c@y.example', domain: 'y.example', mostBytes: Number.POSITIVE_INFINITY },
      { kind: 'post', url: 'https://z.example/r?x=1' },
    ]);
    for (const wrong of [
      'rua=',
      'rua=a@x.example',
      'rua=mailto:a',
      'rua=http://x.example',
      'rua=https://u:p@x.example',
      'rua=mailto:a@localhost',
      'ruf=mailto:a@b.at',
    ])
      expect(destinationsIn(`v=DMARC1; ${wrong}`), wrong).toEqual([]);
  });

  test('a record that asks elsewhere asks here too', () => {
    expect(askingFor('v=DMARC1; p=none', 'a@b.at')).toBe('v=DMARC1; p=none; rua=mailto:a@b.at');
    expect(askingFor('v=DMARC1; rua=mailto:x@y.at ; p=none;', 'a@b.at')).toBe('v=DMARC1; rua=mailto:x@y.at,mailto:a@b.at; p=none;');
    expect(askingFor('v=DMARC1; p=none; rua=', 'a@b.at')).toBe('v=DMARC1; p=none; rua=mailto:a@b.at');
    expect(askingFor(undefined, 'a@b.at')).toBeNull();
  });

  test('the reserved addresses are those of the host alone', () => {
    expect(['dmarc-reports@mail.muster.at', '"TLS-reports"@MAIL.muster.at'].map((path) => isReportAddress(path, 'mail.muster.at'))).toEqual(
      [true, true],
    );
    expect(
      ['dmarc-reports@muster.at', 'dmarc-reports+x@mail.muster.at', 'postmaster', ''].map((path) =>
        isReportAddress(path, 'mail.muster.at'),
      ),
    ).toEqual([false, false, false, false]);
  });

  test('only a host that others know sends any by itself', () => {
    expect(['mail.muster.at', 'MX.Example.ORG'].map(isWorldly)).toEqual([true, true]);
    expect(
      ['localhost', 'mail.local', 'x.test', 'a.b.example', 'mail', 'host.internal', '192.0.2.1'].map(isWorldly).every((known) => !known),
    ).toBe(true);
  });
});

test('what the platform calls a fault has its name in a report', () => {
  expect(
    ['CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'SELF_SIGNED_CERT_IN_CHAIN', 'no-starttls', 'ECONNRESET', 'constructor'].map(
      tlsResultOf,
    ),
  ).toEqual([
    'certificate-expired',
    'certificate-host-mismatch',
    'certificate-not-trusted',
    'starttls-not-supported',
    'validation-failure',
    'validation-failure',
  ]);
});
