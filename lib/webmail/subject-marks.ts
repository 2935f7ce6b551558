const replyMarks = /^\s*((re|aw|antw|sv|vs)(\[\d+\])?\s*:\s*)+/i;
const forwardMarks = /^\s*((fwd?|wg|tr|i)\s*:\s*)+/i;

/** marks of more languages: nothing is cut off by them */
const forwarded = /^\s*(re\s*:\s*)?(fwd?|wg|tr|i|enc|rv|vb|pd|doorst|转发|轉寄)\s*[:：]/i;

export const isForwarded = (subject: string): boolean => forwarded.test(subject);

/** "Angebot" for "AW: Re: Angebot". */
export const withoutReplyMarks = (subject: string): string => subject.replace(replyMarks, '').trim();

/** The subject as a heading: no line begins with a dash. */
export const subjectHeading = (subject: string): string => withoutReplyMarks(subject).replace(/ ([–—-]) /g, '\u00a0$1 ');

/** "Re: Angebot", also from "AW: Re: Angebot". */
export const replySubject = (subject: string): string => `Re: ${withoutReplyMarks(subject)}`.trim();

export const forwardSubject = (subject: string): string => `Fwd: ${subject.replace(forwardMarks, '').trim()}`.trim();
