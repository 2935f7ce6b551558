import type { FormState } from '#components/ui/form-state.ts';
import { PasswordHashingBusy } from '#lib/auth/password-hash.ts';
import type { ProvisioningCode } from '#lib/provisioning/error-codes.ts';
import type { Result } from '#lib/provisioning/result.ts';
import { explain } from './explain.ts';

/** Runs an operation and puts its result into the form's state. `show` picks what the person sees of the value. */
export async function formAnswer<Value>(
  operation: () => Promise<Result<Value, ProvisioningCode>>,
  show: (value: Value) => Partial<FormState> = () => ({}),
): Promise<FormState> {
  const at = Date.now();
  const result = await operation().catch((error: unknown) => {
    if (error instanceof PasswordHashingBusy) return { ok: false, code: 'Busy' } as const;
    throw error;
  });
  if (!result.ok) return { error: await explain(result.code), done: false, at };
  return { error: null, done: true, at, ...show(result.value) };
}
