/**
 * An address that nobody reads ("no-reply@…"), or that takes back what comes back: an automatic answer there is one that nobody sees, or a circle.
 * Beyond what RFC 3834 and RFC 5230 name (sieve/letter/why-not-answer.ts), so Sieve itself does not know it.
 */
export function isUnattended(address: string): boolean {
  const local = address.slice(0, address.lastIndexOf('@')).toLowerCase();
  return unattended.test(local) || /^srs[01][=+-]/.test(local);
}

const unattended =
  /^(?:(?:[\w.]{0,40}[-_.])?(?:no|do-?not|dont|non?|keine|nicht)[-_.]?(?:reply|respond|answer|antwort|antworten)(?:[-_.+].{0,200})?|(?:bounces?|mailer|devnull|nobody|root|daemon|noreply)(?:[-_.+=].{0,200})?)$/;
