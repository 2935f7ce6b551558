/**
 * An address that nobody reads ("no-reply@…"), or that takes back what comes back: an automatic answer there is one that nobody sees, or a circle.
 * Beyond what RFC 3834 and RFC 5230 name (sieve/letter/why-not-answer.ts), so Sieve itself does not know it.
 */
export function isUnattended(address: string): boolean {
  const local = address.slice(0, address.lastIndexOf('@')).toLowerCase().slice(0, 300);
  return nobody.test(local) || machine.test(local);
}

const nobody =
  /^(?:[\w.-]{0,60}[-_.])?(?:(?:no|non|do[-_.]?not|dont|keine?|nicht)[-_.]?(?:reply|respond|answer|antwort|antworten)|ne[-_.]?pas[-_.]?repondre)(?:[-_.+]|$)/;
/** also of mailing programs, which write themselves into the reverse-path (VERP, SRS), behind the name of a list too */
const machine =
  /^(?:(?:bounces?|mailer|devnull|nobody|root|daemon|postmaster|confirm|srs0|srs1)(?:[-_.+=]|$)|prvs=)|-(?:bounces?|errors)(?:\+|$)|-return-\d/;
