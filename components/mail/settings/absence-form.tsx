'use client';

import { UserRoundCog } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useState, useSyncExternalStore } from 'react';
import { dayOf } from '#lib/webmail/calendar/day-bounds.ts';
import { nothingYet, type FormAction, type FormState } from '../../ui/form-state.ts';
import { KeptForm } from '../../ui/kept-form.tsx';
import { Field, SelectField, TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { SaveRow } from '../../ui/save-row.tsx';
import { useAction } from '../../ui/use-action.ts';

interface Absence {
  enabled: boolean;
  startsAt: number | null;
  endsAt: number | null;
  subject: string;
  text: string;
  onlyContacts: boolean;
  everyDays: number;
}

interface Props {
  absence: Absence | null;
  changedAt: number;
  /** the administrator who set it; null: the mailbox's own user, or nobody */
  setBy: string | null;
  /** in place of that: who set it, as others than the mailbox's user read it */
  setByWords?: string | null;
  /** the mailbox's time zone; empty: the browser's */
  zone: string;
  /** as it stands in front of the answer */
  from: string;
  action: FormAction;
}

const none: Absence = { enabled: false, startsAt: null, endsAt: null, subject: '', text: '', onlyContacts: false, everyDays: 7 };
const rhythm = [1, 3, 7, 14, 30];
const never = () => () => {};
const zoneOfBrowser = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The absence note, beside it what its readers get. */
export function AbsenceForm({ absence, changedAt, zone: own, action, ...others }: Props) {
  const form = useAction(action, nothingYet);
  const browser = useSyncExternalStore(never, zoneOfBrowser, () => 'Europe/Vienna');
  const zone = own || browser;
  return <ZonedForm key={`${changedAt} ${zone}`} absence={absence ?? none} zone={zone} form={form} {...others} />;
}

interface Zoned extends Omit<Props, 'changedAt' | 'action'> {
  absence: Absence;
  form: readonly [FormState, (form: FormData) => void, boolean];
}

function ZonedForm({ absence, setBy, setByWords, zone, from, form: [state, submit, busy] }: Zoned) {
  const text = useTranslations('rules.absence');
  const rules = useTranslations('rules');
  const [written, setWritten] = useState({ subject: absence.subject, text: absence.text });
  const write = (what: 'subject' | 'text') => (event: { target: { value: string } }) =>
    setWritten({ ...written, [what]: event.target.value });
  const day = (at: number | null) => (at === null ? '' : dayOf(at, zone));
  const days = [...new Set([...rhythm, absence.everyDays])].toSorted((a, b) => a - b);
  return (
    <KeptForm action={submit} askUntil={state} className="two" aria-label={text('title')}>
      <div className="sheet block-sheet grid gap-4">
        {setBy !== null || setByWords ? (
          <p className="notice">
            <Icon of={UserRoundCog} />
            <span>{setByWords ?? rules('setBy', { name: setBy ?? '' })}</span>
          </p>
        ) : null}
        <input type="hidden" name="zone" value={zone} />
        <div className="field">
          <label className="check">
            <input type="checkbox" name="enabled" defaultChecked={absence.enabled} /> {text('enabled')}
          </label>
        </div>
        <div className="pair">
          <TextField
            label={text('from')}
            hint={text('fromHint')}
            type="date"
            name="from"
            defaultValue={day(absence.startsAt)}
            max="9999-12-31"
          />
          <TextField
            label={text('until')}
            hint={text('untilHint')}
            type="date"
            name="until"
            defaultValue={day(absence.endsAt === null ? null : absence.endsAt - 1)}
            max="9999-12-31"
          />
        </div>
        <TextField
          label={text('subject')}
          hint={text('subjectHint')}
          name="subject"
          value={written.subject}
          onChange={write('subject')}
          maxLength={200}
          autoComplete="off"
        />
        <Field label={text('text')}>
          {(control) => (
            <textarea
              {...control}
              className="input signature-input"
              name="text"
              rows={7}
              value={written.text}
              onChange={write('text')}
              maxLength={10_000}
              placeholder={text('textExample')}
            />
          )}
        </Field>
        <SelectField label={text('everyDays')} hint={text('everyDaysHint')} name="everyDays" defaultValue={absence.everyDays}>
          {days.map((count) => (
            <option key={count} value={count}>
              {text('days', { count })}
            </option>
          ))}
        </SelectField>
        <div className="field">
          <label className="check">
            <input type="checkbox" name="onlyContacts" defaultChecked={absence.onlyContacts} /> {text('onlyContacts')}
          </label>
          <p className="hint">{text('onlyContactsHint')}</p>
        </div>
        <SaveRow {...state} busy={busy} kind="primary" />
      </div>
      <Preview from={from} subject={written.subject} words={written.text} />
    </KeptForm>
  );
}

function Preview({ from, subject, words }: { from: string; subject: string; words: string }) {
  const text = useTranslations('rules.absence');
  const heading = useId();
  return (
    <section className="glance">
      <section aria-labelledby={heading}>
        <h2 className="h" id={heading}>
          {text('preview')}
        </h2>
        <div className="sheet answer-preview">
          <p className="dim cut">{from}</p>
          <p className="h break-words">{subject.trim() || text('previewSubject')}</p>
          <p className="answer-text">{words.trim() || text('previewEmpty')}</p>
        </div>
        <p className="hint mt-3">{text('manners')}</p>
      </section>
    </section>
  );
}
