/** A message in a thread, or (index null) a place for one that is not there. */
export interface ThreadNode {
  index: number | null;
  children: ThreadNode[];
}

/** A message with what threading looks at. */
export interface ThreadMessage {
  index: number;
  /** Date header, else INTERNALDATE, ms */
  sentMs: number;
  /** base subject, collated */
  subject: string;
  /** the subject itself shows that it answers or forwards another (RFC 5256 section 2.1) */
  isReply: boolean;
  /** Message-ID, normalised, empty if there is none; only for REFERENCES */
  messageId: string;
  /** ancestors, the eldest first; only for REFERENCES */
  references: string[];
}

/**
 * thread-data of RFC 5256 section 5: "(1)(2 3)(4 (5)(6))". Written with a stack of its own, since a thread may be as deep as its folder is
 * long.
 */
export async function formatThreads(
  threads: readonly ThreadNode[],
  numberOf: (index: number) => number,
  pace: () => Promise<void> | null,
): Promise<string> {
  const out: string[] = [];
  const work: Array<ThreadNode | ')' | '('> = [];
  for (const thread of [...threads].reverse()) work.push(')', thread, '(');
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    if (out.length % 4_096 === 0) await pace();
    if (typeof next === 'string') {
      out.push(next);
      continue;
    }
    if (next.index !== null) {
      if (out.length > 0 && out.at(-1) !== '(' && out.at(-1) !== ')') out.push(' ');
      out.push(String(numberOf(next.index)));
    }
    const [only, ...others] = next.children;
    if (only && others.length === 0) work.push(only);
    else {
      if (next.children.length > 0 && next.index !== null) out.push(' ');
      for (const child of [...next.children].reverse()) work.push(')', child, '(');
    }
  }
  return out.join('');
}
