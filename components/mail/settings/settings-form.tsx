'use client';

import { useTranslations } from 'next-intl';
import { useEffect, type ReactNode } from 'react';
import type { MailSettings } from '#lib/webmail/writing/letter.ts';
import { nothingYet, type FormAction } from '../../ui/form-state.ts';
import { tellWindows } from '../../shell/other-windows.tsx';
import { SelectField } from '../../ui/field.tsx';
import { KeptForm } from '../../ui/kept-form.tsx';
import { SaveRow } from '../../ui/save-row.tsx';
import { useAction } from '../../ui/use-action.ts';
import { MailtoHandler } from './mailto-handler.tsx';

interface Props {
  settings: MailSettings;
  addresses: readonly { value: string; label: string }[];
  timeZones: readonly string[];
  language: 'de' | 'en';
  density: 'comfortable' | 'normal' | 'dense';
  action: FormAction;
}

const undoSeconds = [0, 5, 10, 20, 30] as const;

export function SettingsForm({ settings, addresses, timeZones, language, density, action }: Props) {
  const text = useTranslations('panel.mailSettings');
  const [state, submit, busy] = useAction(action, nothingYet);
  useEffect(() => {
    if (state.done) tellWindows();
  }, [state]);
  return (
    <KeptForm action={submit} askUntil={state} key={JSON.stringify([settings, language, density])}>
      <Part title={text('general')}>
        <SelectField label={text('language')} name="language" defaultValue={language}>
          <option value="de" lang="de">
            Deutsch
          </option>
          <option value="en" lang="en">
            English
          </option>
        </SelectField>
        <SelectField label={text('timeZone')} hint={text('timeZoneHint')} name="timeZone" defaultValue={settings.timeZone}>
          <option value="">{text('timeZoneBrowser')}</option>
          {timeZones.map((zone) => (
            <option key={zone} value={zone}>
              {zone.replaceAll('_', ' ')}
            </option>
          ))}
        </SelectField>
        <SelectField label={text('density')} name="density" defaultValue={density}>
          <option value="comfortable">{text('comfortable')}</option>
          <option value="normal">{text('normal')}</option>
          <option value="dense">{text('dense')}</option>
        </SelectField>
        <Check name="shortcuts" on={settings.shortcuts} label={text('shortcuts')} hint={text('shortcutsHint')} />
      </Part>
      <Part title={text('writing')}>
        {addresses.length > 1 ? (
          <SelectField label={text('defaultFrom')} name="defaultFrom" defaultValue={settings.defaultFrom || addresses[0]?.value}>
            {addresses.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </SelectField>
        ) : null}
        <SelectField label={text('undoSeconds')} hint={text('undoSecondsHint')} name="undoSeconds" defaultValue={settings.undoSeconds}>
          {[...new Set([...undoSeconds, settings.undoSeconds])]
            .sort((a, b) => a - b)
            .map((seconds) => (
              <option key={seconds} value={seconds}>
                {text('seconds', { count: seconds })}
              </option>
            ))}
        </SelectField>
        <Check name="plainText" on={settings.plainText} label={text('plainText')} hint={text('plainTextHint')} />
        <MailtoHandler />
      </Part>
      <Part title={text('reading')}>
        <SelectField label={text('pictures')} hint={text('picturesHint')} name="pictures" defaultValue={settings.pictures}>
          <option value="ask">{text('picturesAsk')}</option>
          <option value="known">{text('picturesKnown')}</option>
          <option value="always">{text('picturesAlways')}</option>
        </SelectField>
        <Check name="darkLetters" on={settings.darkLetters} label={text('darkLetters')} hint={text('darkLettersHint')} />
      </Part>
      <div className="grid gap-3 mt-4">
        <SaveRow {...state} busy={busy} kind="primary" />
      </div>
    </KeptForm>
  );
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <fieldset className="sheet block-sheet settings-part">
    <legend className="h">{title}</legend>
    <div className="grid gap-4">{children}</div>
  </fieldset>
);

function Check({ name, on, label, hint }: { name: string; on: boolean; label: string; hint: string }) {
  return (
    <div className="field">
      <label className="check">
        <input type="checkbox" name={name} defaultChecked={on} /> {label}
      </label>
      <p className="hint">{hint}</p>
    </div>
  );
}
