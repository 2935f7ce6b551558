/** How programs in Europe's languages, Turkish, Chinese and Japanese say "Re:"; some count the answers. "R2:" may be anything. */
const replyMarks =
  /^\s*((r|(re|aw|antw|antwort|sv|vs|vá|odp|odg|ynt|rif|res|atb|bls|отв|ответ|απ|σχετ|回复|答复|回覆|返信)([[(]?\d+[\])]?)?)\s*[:：]\s*)+/i;
const forwardMark = '(fwd?|fs|wg|vl|tr|i|vb|doorst|rv|enc|pd|yml|ilt|i̇lt|прд|πρθ|转发|轉寄|転送)\\s*[:：]\\s*';
const forwardMarks = new RegExp(`^\\s*(${forwardMark})+`, 'i');
const forwarded = new RegExp(`^\\s*(re\\s*:\\s*)?${forwardMark}`, 'i');

export const isForwarded = (subject: string): boolean => forwarded.test(subject);

/** "Angebot" for "AW: Re: Angebot". */
export const withoutReplyMarks = (subject: string): string => subject.replace(replyMarks, '').trim();

/** The subject as a heading: no line begins with a dash. */
export const subjectHeading = (subject: string): string => withoutReplyMarks(subject).replace(/ ([–—-]) /g, '\u00a0$1 ');

/** "Re: Angebot", also from "AW: Re: Angebot". */
export const replySubject = (subject: string): string => `Re: ${withoutReplyMarks(subject)}`.trim();

export const forwardSubject = (subject: string): string => `Fwd: ${subject.replace(forwardMarks, '').trim()}`.trim();
