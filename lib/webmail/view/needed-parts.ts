import { viewLimits } from '../../config/view-limits.ts';
import type { LetterPart } from '../../mime/letter-part.ts';
import { type LetterPlan, opaquePart, type Shown } from '../../mime/plan-letter.ts';
import { isTnef } from '../files/attachments.ts';

const mostParts = 200;
const tnefBytes = 16 * 1024 * 1024;
const reportBytes = 256 * 1024;

type Needed = { section: string; most: number }[];

/** The parts that an invitation may stand in, and how much of each is read. */
export const calendarBytes = (plan: LetterPlan): Needed => [
  ...plan.calendars.slice(0, 20).map((part) => ({ section: part.section, most: Math.min(part.sizeBytes + 1, reportBytes) })),
  ...signedBytes(plan),
];

/** What may be a letter that was signed as one file is read whole. */
function signedBytes(plan: LetterPlan): Needed {
  const part = opaquePart(plan);
  return part && part.sizeBytes <= viewLimits.signedBytes ? [{ section: part.section, most: part.sizeBytes + 1 }] : [];
}

/** Parts whose bytes a view is built from, and how many encoded bytes of each at most. */
export function neededParts(plan: LetterPlan, characters: number): Needed {
  const needed: Needed = [];
  // base64 and quoted-printable grow; beyond this even plain ASCII is more than is shown
  let room = characters * 6;
  const add = (part: LetterPart, most: number): void => {
    if (needed.length >= mostParts || room <= 0 || needed.some((one) => one.section === part.section)) return;
    const bytes = Math.min(part.sizeBytes, most, room);
    room -= bytes;
    // one more than there are: what comes short of it came whole
    needed.push({ section: part.section, most: bytes < part.sizeBytes ? Math.max(bytes, 1) : bytes + 1 });
  };
  const addShown = (shown: readonly Shown[]): void => {
    for (const one of shown) {
      if (one.kind === 'text') add(one.part, characters * 3);
      else if (one.kind === 'choice') for (const choice of one.choices) addShown(choice);
    }
  };
  addShown(plan.shown);
  for (const part of [...plan.calendars, ...plan.reports].slice(0, 20)) add(part, reportBytes);
  for (const part of plan.files) {
    if (isTnef(part) && part.sizeBytes <= tnefBytes) needed.push({ section: part.section, most: part.sizeBytes + 1 });
  }
  return [...needed, ...signedBytes(plan)];
}
