import { MailError } from '../connection/mail-error.ts';

/** What nodemailer's connection throws: its own code, and the server's reply where there was one. */
export interface SubmissionError extends Error {
  code?: string;
  responseCode?: number;
  response?: string;
  recipient?: string;
}

/**
 * What becomes of a letter that the mail server did not take. A server that goes away, is asked by too many or has lost its database says
 * nothing of the letter or of its person (RFC 5321 section 3.8, RFC 4954 section 6): that is Unreachable, and tried again by itself.
 */
export function submissionFailure(error: SubmissionError): MailError {
  const { responseCode, response: words = error.message } = error;
  const isPassing = responseCode === undefined || responseCode === 421 || responseCode === 454 || /^451[ -]4\.3\./.test(words);
  if (isPassing) return new MailError('Unreachable', '', error);
  if (error.code === 'EAUTH') return new MailError('SessionEnded', '', error);
  if (responseCode === 552 && /5\.3\.4/.test(words)) return new MailError('TooLarge', '', error);
  return new MailError('Refused', words, error);
}
