import { type DeliveryOutcome, enhancedStatus } from './delivery-outcome.ts';

/**
 * Delivery reports from before RFC 3464, which some hosts still send: known by the sentence that their program begins with. The text stays
 * beside it. Linear time.
 */
export function readPlainBounce(text: string): DeliveryOutcome[] {
  const head = text.slice(0, lookedAt).replace(/\r\n/g, '\n');
  const form = forms.find(({ begins }) => begins.test(head));
  if (!form) return [];
  const kind =
    /delay|not yet been delivered|will (be retried|continue to be)/i.test(head.slice(0, 2000)) && form.mayDelay ? 'delayed' : 'failed';
  const outcomes: DeliveryOutcome[] = [];
  for (const match of ownText(head).matchAll(form.recipient)) {
    const recipient = match[1] ?? '';
    if (outcomes.length >= mostRecipients) break;
    if (outcomes.some((one) => one.recipient === recipient)) continue;
    const behind = head.slice(match.index + match[0].length).split(/\n[ \t]*\n/, 1)[0] ?? '';
    const reason = behind.replace(/\s+/g, ' ').trim().slice(0, 500);
    outcomes.push({ kind, recipient, status: enhancedStatus.exec(reason)?.[0] ?? '', reason });
  }
  return outcomes;
}

const lookedAt = 20_000;
const mostRecipients = 50;

/** What comes before the copy of the message. */
const ownText = (text: string): string =>
  text.split(/^(?:--- Below this line|-+ This is a copy|[ \t]*-+ (?:Original|Returned) message|[ \t]*-+ Message header)/im, 1)[0] ?? '';

const address = String.raw`([^\s<>@"]{1,200}@[^\s<>@":]{1,250})`;
const forms: { begins: RegExp; recipient: RegExp; mayDelay: boolean }[] = [
  // qmail
  { begins: /^\s*Hi\. This is the .{1,200}\n/, recipient: new RegExp(`^<${address}>:$`, 'gm'), mayDelay: false },
  // Exim
  {
    begins: /^\s*This message was created automatically by mail delivery software/,
    recipient: new RegExp(`^ {2}${address}$`, 'gm'),
    mayDelay: true,
  },
  // sendmail
  {
    begins:
      /^[\s\S]{0,2000}-----\s+The following addresses had (?:permanent fatal|transient non-fatal|delivery) (?:errors|problems)\s+-----/,
    recipient: new RegExp(`^<?${address}>?(?= *\\n)`, 'gm'),
    mayDelay: true,
  },
  // Exchange 5.5
  { begins: /^[\s\S]{0,2000}did not reach the following recipient\(s\):/, recipient: new RegExp(`^${address} on `, 'gm'), mayDelay: false },
];
