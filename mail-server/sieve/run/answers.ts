import type { Environment, RuleMailbox } from './environment.ts';

/** What only the caller can look up. Plain data, so that a run in another process can ask it. */
export type Question =
  | { kind: 'mailboxes' }
  | { kind: 'metadata'; mailbox: string | null; entry: string }
  | { kind: 'duplicate'; handle: string; id: string };

/** Answers by their questions, as they travel. */
export type KnownAnswers = [question: string, answer: unknown][];

/** Thrown where a run needs to know what was not looked up yet. */
export class Unanswered {
  readonly question: Question;

  constructor(question: Question) {
    this.question = question;
  }
}

/**
 * What was looked up for a letter. A run is synchronous: where an answer is missing it ends, the answer is fetched, and it begins anew. It
 * has no effect outside itself, so it comes to the same place and goes on. Most scripts never ask.
 */
export class Answers {
  private readonly known: Map<string, unknown>;

  constructor(known: KnownAnswers = []) {
    this.known = new Map(known);
  }

  get size(): number {
    return this.known.size;
  }

  all(): KnownAnswers {
    return [...this.known];
  }

  mailboxes(): readonly RuleMailbox[] {
    return this.ask({ kind: 'mailboxes' });
  }

  metadata(mailbox: string | null, entry: string): string | null {
    return this.ask({ kind: 'metadata', mailbox, entry: entry.toLowerCase() });
  }

  seenBefore(handle: string, id: string): boolean {
    return this.ask({ kind: 'duplicate', handle, id });
  }

  async add(question: Question, environment: Environment): Promise<void> {
    this.known.set(JSON.stringify(question), await lookUp(question, environment));
  }

  private ask<Answer>(question: Question): Answer {
    const key = JSON.stringify(question);
    // only `add` puts something in, and what lookUp gives for a question is of one kind
    if (this.known.has(key)) return this.known.get(key) as Answer;
    throw new Unanswered(question);
  }
}

function lookUp(question: Question, environment: Environment): Promise<unknown> {
  switch (question.kind) {
    case 'mailboxes':
      return environment.mailboxes();
    case 'metadata':
      return environment.metadata(question.mailbox, question.entry);
    case 'duplicate':
      return environment.seenBefore(question.handle, question.id);
  }
}
