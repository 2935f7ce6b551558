/**
 * Base subject by RFC 5256 section 2.1, to the letter (so no AW:, WG: or Antw:), from a decoded subject. Threads and SORT (SUBJECT)
 * compare it; it is not folded to one case here. Linear time.
 */
export function baseSubject(subject: string): string {
  // step 1
  const text = subject.replace(/[\t\r\n ]+/g, ' ');
  let start = 0;
  let end = text.length;
  for (;;) {
    end = withoutTrailers(text, start, end); // step 2
    start = withoutLeaders(text, start, end); // steps 3 to 5
    if (end - start < 6 || text[end - 1] !== ']' || text.slice(start, start + 5).toLowerCase() !== '[fwd:') break;
    start += 5; // step 6
    end -= 1;
  }
  return text.slice(start, end);
}

/** subj-trailer: "(fwd)" / WSP */
function withoutTrailers(text: string, start: number, before: number): number {
  let end = before;
  for (;;) {
    if (end > start && text[end - 1] === ' ') end--;
    else if (end - start >= 5 && text.slice(end - 5, end).toLowerCase() === '(fwd)') end -= 5;
    else return end;
  }
}

function withoutLeaders(text: string, from: number, end: number): number {
  let start = from;
  // behind the blobs at `start`; they are read once, though steps 3 and 4 look at them again and again
  for (;;) {
    while (start < end && text[start] === ' ') start++;
    const behindBlobs = skipBlobs(text, start, end);
    const leader = skipReplyOrForward(text, behindBlobs, end);
    if (leader > behindBlobs) {
      start = leader;
      continue;
    }
    // step 4: a blob goes if something is left behind it; the last blob stays if there is nothing
    if (behindBlobs < end) return behindBlobs;
    return lastBlob(text, start, end);
  }
}

/** *( "[" *BLOBCHAR "]" *WSP ) */
function skipBlobs(text: string, from: number, end: number): number {
  let at = from;
  for (;;) {
    const next = skipBlob(text, at, end);
    if (next === at) return at;
    at = next;
  }
}

function skipBlob(text: string, from: number, end: number): number {
  if (text[from] !== '[' || from >= end) return from;
  let at = from + 1;
  while (at < end && text[at] !== '[' && text[at] !== ']') at++;
  if (at >= end || text[at] !== ']') return from;
  at++;
  while (at < end && text[at] === ' ') at++;
  return at;
}

/** Start of the last of the blobs between `from` and `end`. */
function lastBlob(text: string, from: number, end: number): number {
  let at = from;
  for (;;) {
    const next = skipBlob(text, at, end);
    if (next === at || next >= end) return at;
    at = next;
  }
}

/** ("re" / ("fw" ["d"])) *WSP [subj-blob] ":" */
function skipReplyOrForward(text: string, from: number, end: number): number {
  const word = text.slice(from, Math.min(from + 3, end)).toLowerCase();
  let at = word.startsWith('re') ? from + 2 : word === 'fwd' ? from + 3 : word.startsWith('fw') ? from + 2 : from;
  if (at === from) return from;
  while (at < end && text[at] === ' ') at++;
  at = skipBlob(text, at, end);
  return at < end && text[at] === ':' ? at + 1 : from;
}
