import { getTranslations } from 'next-intl/server';
import type { FieldError } from '#components/ui/field.tsx';
import { supportCodes, type ProvisioningCode } from '#lib/provisioning/error-codes.ts';
import type { Result } from '#lib/provisioning/result.ts';
import { wrongFields } from '../wrong-fields.ts';

/** The sentence and the code that a person sees for a refused operation. */
export async function explain(code: ProvisioningCode): Promise<FieldError> {
  const text = await getTranslations('panel');
  return { text: text(`errors.${code}`), code: supportCodes[code], field: wrongFields[code] };
}

/** What a person sees of an operation without a form: why it was refused, or null when it is done. */
export const whyRefused = async (result: Result<unknown, ProvisioningCode>): Promise<FieldError | null> =>
  result.ok ? null : explain(result.code);
