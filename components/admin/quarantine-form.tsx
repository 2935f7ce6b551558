'use client';

import { useTranslations } from 'next-intl';
import { SelectField } from '../ui/field.tsx';
import { KeptForm } from '../ui/kept-form.tsx';
import { SaveRow } from '../ui/save-row.tsx';
import { useAction } from '../ui/use-action.ts';
import { nothingYet, type FormAction } from '../ui/form-state.ts';

/** What becomes of letters with malware and of letters with programs. */
export function QuarantineForm({ viruses, programs, action }: { viruses: boolean; programs: boolean; action: FormAction }) {
  const text = useTranslations('panel.quarantine');
  const [state, submit, busy] = useAction(action, nothingYet);
  return (
    <KeptForm action={submit} askUntil={state} className="grid gap-4" aria-label={text('settings')} key={`${viruses} ${programs}`}>
      <div className="pair">
        <SelectField label={text('viruses')} hint={text('virusesHint')} name="viruses" defaultValue={viruses ? 'quarantine' : 'refuse'}>
          {(['refuse', 'quarantine'] as const).map((one) => (
            <option key={one} value={one}>
              {text(`does.${one}`)}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={text('programs')}
          hint={text('programsHint')}
          name="programs"
          defaultValue={programs ? 'quarantine' : 'deliver'}
        >
          {(['deliver', 'quarantine'] as const).map((one) => (
            <option key={one} value={one}>
              {text(`does.${one}`)}
            </option>
          ))}
        </SelectField>
      </div>
      <SaveRow {...state} busy={busy} small />
    </KeptForm>
  );
}
