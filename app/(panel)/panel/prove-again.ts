import { provePerson } from '#lib/auth/prove-person.ts';
import { requireSession } from '#lib/auth/session.ts';
import { remoteAddress } from '#lib/auth/session/remote-address.ts';
import { installation } from '#lib/config/installation.ts';
import { database } from '#lib/db/prisma.ts';
import { refused } from '#lib/provisioning/result.ts';
import { formField } from '../../form-field.ts';

/**
 * Asks the one who is signed in for the present password (the field "current"). Null: it is them. `recent`: having signed in some minutes
 * ago is enough, once.
 */
export async function proveAgain(form: FormData, { recent }: { recent: boolean } = { recent: true }) {
  const session = await requireSession();
  const given = { remote: await remoteAddress(), limits: installation().login, recent };
  const proof = await provePerson(database(), session, formField(form, 'current', 2000), given);
  return proof === 'Proved' ? null : refused(proof);
}
