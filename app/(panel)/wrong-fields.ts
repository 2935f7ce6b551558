import type { ProvisioningCode } from '#lib/provisioning/error-codes.ts';
import type { RuleCode } from '#lib/provisioning/rules/rule-codes.ts';

/** The field that a refusal is about, by its name in the form; where a form has none of that name, ErrorText looks for another. */
export const wrongFields: Partial<Record<ProvisioningCode | RuleCode, string>> = {
  InvalidName: 'name',
  InvalidQuota: 'quota',
  StorageLimit: 'quota',
  InvalidAddress: 'address',
  AddressTaken: 'address',
  InvalidDate: 'expires',
  InvalidText: 'text',
  InvalidPeriod: 'until',
  InvalidDays: 'everyDays',
  WrongCode: 'code',
  CodeExpired: 'code',
};
