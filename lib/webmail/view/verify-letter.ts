import type { ImapFlow } from 'imapflow';
import { viewLimits } from '../../config/view-limits.ts';
import { leavesOf, type LetterPart } from '../../mime/letter-part.ts';
import { opaquePart, planLetter } from '../../mime/plan-letter.ts';
import { fetchParts } from '../reading/fetch-letter.ts';
import type { SignatureFinding } from './smime.ts';
import type { LetterSignature, Person } from '../reading/mail-message.ts';
import { runView } from './view-pool.ts';

/**
 * What a letter's signature covers (null: what is in it), and where it stands; null where there is none. Nor is there one of what is not shown: a letter
 * that was signed as one file is shown wherever it lies (view-worker.ts), and another's signed text beside it would lend it a name.
 */
export function signedPlace(root: LetterPart): { content: LetterPart | null; signature: LetterPart | undefined } | null {
  const plan = planLetter(root);
  const opaque = opaquePart(plan);
  if (plan.seal === 'smime-signed' || plan.seal === 'smime-encrypted') return { content: null, signature: opaque };
  const place = plan.seal === 'smime-signature' ? detached(root) : null;
  return place && (!opaque || leavesOf(place.content).includes(opaque)) ? place : null;
}

/** Checks the S/MIME signature of a letter in a worker; null if it has none, or one that was not checked in time. */
export async function verifyLetter(
  client: ImapFlow,
  mailboxId: number,
  uid: number,
  root: LetterPart,
  author: Person | undefined,
): Promise<LetterSignature | null> {
  const { seal } = planLetter(root);
  const place = signedPlace(root);
  if (!place?.signature) return null;
  const { content, signature } = place;
  if ((content?.sizeBytes ?? 0) + signature.sizeBytes > viewLimits.signedBytes) return null;
  const parts = await fetchParts(client, uid, [
    { section: signature.section, most: signature.sizeBytes + 1 },
    // what was signed is the part as it stands, with its own header (RFC 1847 section 2.1)
    ...(content === null ? [] : [headerOf(content), { section: content.section, most: content.sizeBytes + 1 }]),
  ]);
  const [seen, header, body] = parts.map(({ bytes }) => bytes);
  const signed = header && body ? Buffer.concat([header, body]) : null;
  const task = { kind: 'signature' as const, signed, signature: seen ?? new Uint8Array(), encoding: signature.encoding, now: Date.now() };
  const done = await runView(task, mailboxId);
  if (!done?.result || !('state' in done.result)) return null;
  // what did not say whether it is signed or encrypted
  if (seal === 'smime-encrypted' && done.result.state === 'unreadable') return null;
  // around what somebody signed once, somebody else can write a letter
  const others = leavesOf(root).length - leavesOf(content ?? signature).length - (content === null ? 0 : 1);
  return { ...done.result, ofAuthor: isOf(done.result, author), ofPart: others > 0 };
}

const headerBytes = 65_536;
const headerOf = (part: LetterPart) => ({ section: `${part.section}.MIME`, most: headerBytes });

const isOf = ({ addresses }: SignatureFinding, author: Person | undefined): boolean =>
  author !== undefined && addresses.includes(author.address.toLowerCase());

function detached(part: LetterPart): { content: LetterPart; signature: LetterPart } | null {
  const [content, signature] = part.children;
  if (part.subtype === 'signed' && content && signature && /^(x-)?pkcs7-signature$/.test(signature.subtype)) return { content, signature };
  for (const child of part.children) {
    const found = detached(child);
    if (found) return found;
  }
  return null;
}
