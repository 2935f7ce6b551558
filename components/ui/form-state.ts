import type { FieldError } from './field.tsx';

/** What a small form's action answers: nothing yet, done, or what is in the way. `at` changes with every answer. */
export interface FormState {
  error: FieldError | null;
  done: boolean;
  at: number;
  /** shown once: a password that was made */
  secret?: string | null;
  label?: string;
}

export const nothingYet: FormState = { error: null, done: false, at: 0 };
export type FormAction = (state: FormState, form: FormData) => Promise<FormState>;
