'use server';

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import type { CheckView } from '#components/admin/domains/domain-board.tsx';
import type { FormState } from '#components/ui/form-state.ts';
import type { NewDomainState } from '#components/admin/domains/new-domain-form.tsx';
import type { FieldError } from '#components/ui/field.tsx';
import { displayDomain, parseDomainName } from '#lib/addresses/domain-name.ts';
import { requireCustomerScope } from '#lib/auth/session.ts';
import { installation } from '#lib/config/installation.ts';
import { database } from '#lib/db/prisma.ts';
import { ownershipName, ownershipValue } from '#lib/dns/expected-records.ts';
import { installationHost, installationLookup } from '#lib/dns/installation-host.ts';
import { addDomain, domainFromInput, ownershipToken } from '#lib/provisioning/domains/add-domain.ts';
import { nameInZone, zoneOf } from '#lib/dns/name-in-zone.ts';
import { answerDomainRequest } from '#lib/provisioning/domains/answer-domain-request.ts';
import { askForDomain } from '#lib/provisioning/domains/ask-for-domain.ts';
import { checkDomain } from '#lib/provisioning/domains/check-domain.ts';
import { renewDkimKeys } from '#lib/provisioning/domains/renew-dkim-keys.ts';
import { nearestProved } from '#lib/provisioning/domains/owner-of-name.ts';
import { idOf } from '#lib/provisioning/parse-id.ts';
import { removeDomain } from '#lib/provisioning/domains/remove-domain.ts';
import { setDomainAlias } from '#lib/provisioning/domains/set-domain-alias.ts';
import { explain } from '../explain.ts';
import { formAnswer } from '../form-answer.ts';
import { formField } from '../../../form-field.ts';

export async function addDomainAction(_: NewDomainState, form: FormData): Promise<NewDomainState> {
  const { scope } = await requireCustomerScope();
  const name = formField(form, 'name', 500);
  const { secret } = installation();
  const { host, webHost, dkimZone } = installationHost();
  const result = await addDomain(database(), scope, name, { secret, ownHosts: [host, webHost], lookup: installationLookup(), dkimZone });
  if (result.ok) redirect(`/panel/domains/${result.value}`);
  const error = await explain(result.code);
  const domain = result.code === 'ProofNeeded' ? parseDomainName(domainFromInput(name)) : null;
  if (!domain) return { name, error, proof: null };
  const above = await nearestProved(database(), domain);
  const parent = above && above.name !== domain && above.customerId !== scope.customerId ? displayDomain(above.name) : null;
  const value = ownershipValue(ownershipToken(secret, scope.customerId, domain));
  const record = nameInZone(ownershipName(domain), zoneOf(domain));
  return { name, error, proof: { name: record, value, domain: displayDomain(zoneOf(domain)), parent } };
}

/** Asks the owner of the domain above, whom the form names. */
export async function askForDomainAction(name: string): Promise<FormState> {
  const { scope } = await requireCustomerScope();
  const answer = await formAnswer(() => askForDomain(database(), scope, String(name).slice(0, 500)));
  revalidatePath('/panel/domains');
  return answer;
}

export async function answerDomainRequestAction(id: number, agrees: boolean): Promise<FormState> {
  const { scope } = await requireCustomerScope();
  const answer = await formAnswer(() => answerDomainRequest(database(), scope, idOf(id), agrees === true));
  revalidatePath('/panel/domains');
  return answer;
}

/** null: there is no such domain for this customer. */
export async function checkDomainAction(name: string): Promise<CheckView | null> {
  const { scope } = await requireCustomerScope();
  const domain = parseDomainName(String(name));
  const result = domain && (await checkDomain(database(), scope, domain, { host: installationHost(), lookup: installationLookup() }));
  if (!result?.ok) return null;
  const { report, checkedAt, verifiedAt } = result.value;
  return { report, checkedAt: checkedAt.getTime(), verifiedAt: verifiedAt?.getTime() ?? null };
}

export async function removeDomainAction(name: string): Promise<FieldError> {
  const { scope } = await requireCustomerScope();
  const domain = parseDomainName(String(name));
  const result = domain ? await removeDomain(database(), scope, domain) : ({ ok: false, code: 'UnknownDomain' } as const);
  if (!result.ok) return explain(result.code);
  redirect('/panel/domains');
}

export async function renewDkimKeysAction(name: string): Promise<FormState> {
  const { scope } = await requireCustomerScope();
  const { secret, dkimZone } = installation();
  const answer = await formAnswer(() => renewDkimKeys(database(), scope, parseDomainName(String(name)) ?? '', { secret, dkimZone }));
  revalidatePath('/panel/domains', 'layout');
  return answer;
}

/** Lets the domain stand for another one (the field "target"), or for itself. */
export async function setDomainAliasAction(name: string, _: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireCustomerScope();
  const target = formField(form, 'target');
  const answer = await formAnswer(() =>
    setDomainAlias(database(), scope, parseDomainName(String(name)) ?? '', target === '' ? null : target),
  );
  revalidatePath('/panel', 'layout');
  return answer;
}
