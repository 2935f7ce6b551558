import type { DraftSaved, Letter } from '#lib/webmail/writing/letter.ts';
import { placesIn, wholeHtml } from '#lib/webmail/writing/letter-html.ts';
import { getMail, MailRequestError, sendMail } from '../mail-api.ts';

/** A letter as one of its own: what was sent under its name was another text. */
export const asItsOwn = (letter: Letter): Letter => ({ ...letter, id: crypto.randomUUID(), draft: null });

/** Saves what only this browser has as a draft on the server. 'overtaken': there lies what was written after it. Throws MailRequestError. */
export async function bringHomeDraft(left: Letter): Promise<Letter | 'overtaken'> {
  const letter = await wholeAgain(left);
  const save = async (one: Letter): Promise<Letter | 'overtaken'> => {
    const { id, draft, overtaken } = await sendMail<DraftSaved>('drafts', one);
    return overtaken ? 'overtaken' : { ...one, id, draft };
  };
  try {
    return await save(letter);
  } catch (error) {
    if (error instanceof MailRequestError && error.problem.code === 'AlreadySent') return save(asItsOwn(letter));
    throw error;
  }
}

/**
 * What is carried may not have fitted into this browser's storage: the original of an answer is fetched again. Where that is not to be had
 * the letter is saved beside the version that the server has, and never in its place.
 */
async function wholeAgain(letter: Letter): Promise<Letter> {
  const missing = (one: Letter): boolean => placesIn(one.html).some((id) => !one.blocks.some((block) => block.id === id));
  if (!missing(letter)) return letter;
  const { kind, source } = letter;
  const answers = kind === 'reply' || kind === 'reply-all' || kind === 'forward';
  const again = source && answers ? await getMail<Letter>('compose', { kind, ...source }).catch(() => null) : null;
  if (!again) return asItsOwn(letter);
  const whole = { ...letter, blocks: [...letter.blocks, ...again.blocks] };
  if (missing(whole)) return asItsOwn(whole);
  // Files that the letter began with it still has, unless its writer took them out: only the pictures of what was missing come with it.
  const shown = wholeHtml(whole);
  const pictures = again.uploads.filter(({ contentId }) => contentId !== undefined && shown.includes(contentId));
  return { ...whole, uploads: [...letter.uploads, ...pictures] };
}
