'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import type { ListedGroup } from '#lib/provisioning/addresses/list-addresses.ts';
import { supportCodes } from '#lib/provisioning/error-codes.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorText, Field, type FieldError, SelectField, TextField } from '../../ui/field.tsx';
import { KeptForm } from '../../ui/kept-form.tsx';
import { useAction } from '../../ui/use-action.ts';
import { DomainSuffix } from '../domain-suffix.tsx';
import { nothingYet, type FormAction } from '../../ui/form-state.ts';

export type LeadingKind = 'forward' | 'group' | 'catch_all';

export interface GivenAddress {
  localPart: string;
  domain: string;
  targets: readonly string[];
  note: string;
  /** "2026-12-31", or empty */
  expires: string;
  group: ListedGroup | null;
}

const codes = (...names: (keyof typeof supportCodes)[]) => new Set<string>(names.map((name) => supportCodes[name]));
/** what is wrong about where it leads, and about its name */
const namesTargets = codes('NoTargets', 'InvalidTarget', 'TooManyTargets', 'GoesInCircles', 'NotConfirmedYet');
/** said at the field that it is about */
const standsAbove = new Set([...namesTargets, supportCodes.UnknownModerator]);
const namesThis = codes('InvalidLocalPart', 'AddressTaken', 'TooManyAliases', 'DomainIsAlias');

interface Props {
  kind: LeadingKind;
  domains: readonly { name: string; display: string }[];
  /** what is there already, to be changed; absent: a new one */
  given?: GivenAddress;
  action: FormAction;
  onCreated?: (display: string) => void;
}

/** A forward, a group or a catch-all: its name, where it leads, and what belongs to its kind. */
export function AddressForm({ kind, domains, given, action, onCreated }: Props) {
  const text = useTranslations('panel.addresses');
  const common = useTranslations('common');
  const [state, submit, busy] = useAction(action, nothingYet);
  const tell = useRef(onCreated);
  tell.current = onCreated;
  useEffect(() => {
    if (state.done && state.label) tell.current?.(state.label);
  }, [state]);
  return (
    <KeptForm action={submit} askUntil={state} className="grid gap-4" aria-label={given ? text('details') : text('create')} noValidate>
      <input type="hidden" name="kind" value={kind} />
      {given ? <Unchanged given={given} /> : <NewName kind={kind} domains={domains} invalid={namesThis.has(state.error?.code ?? '')} />}
      {kind === 'group' ? (
        <TextField label={text('name')} hint={text('nameHint')} name="name" defaultValue={given?.group?.name ?? ''} maxLength={120} />
      ) : null}
      <Field
        label={text(kind === 'group' ? 'members' : 'targets')}
        hint={text('targetsHint')}
        error={state.error?.code && namesTargets.has(state.error.code) ? state.error : null}
      >
        {(control) => (
          <textarea
            {...control}
            className="input mono"
            name="targets"
            rows={kind === 'group' ? 8 : 3}
            defaultValue={given?.targets.join('\n') ?? ''}
            autoCapitalize="none"
            spellCheck={false}
            maxLength={200_000}
          />
        )}
      </Field>
      {kind === 'group' ? (
        <GroupRules
          given={given?.group ?? null}
          wrongModerator={state.error?.code === supportCodes.UnknownModerator ? state.error : null}
        />
      ) : null}
      {kind === 'forward' ? (
        <div className="pair">
          <TextField label={text('expires')} hint={text('expiresHint')} name="expires" type="date" defaultValue={given?.expires ?? ''} />
          <TextField label={text('note')} hint={text('noteHint')} name="note" defaultValue={given?.note ?? ''} maxLength={200} />
        </div>
      ) : null}
      <div role="alert">{state.error && !standsAbove.has(state.error.code ?? '') ? <ErrorText error={state.error} /> : null}</div>
      <div className="flex items-center gap-3">
        <Button type="submit" {...(given ? {} : { kind: 'primary' as const })} busy={busy}>
          {given ? common('save') : text('add')}
        </Button>
        <span role="status" className="hint">
          {busy ? common('busy') : state.done ? (given ? common('saved') : text('created', { address: state.label ?? '' })) : ''}
        </span>
      </div>
    </KeptForm>
  );
}

function Unchanged({ given }: { given: GivenAddress }) {
  return (
    <>
      <input type="hidden" name="edit" value="1" />
      <input type="hidden" name="localPart" value={given.localPart} />
      <input type="hidden" name="domain" value={given.domain} />
    </>
  );
}

function NewName({ kind, domains, invalid }: { kind: LeadingKind; domains: Props['domains']; invalid: boolean }) {
  const text = useTranslations('panel.addresses');
  if (kind === 'catch_all') {
    return (
      <SelectField label={text('domain')} name="domain">
        {domains.map(({ name, display }) => (
          <option key={name} value={name}>
            @{display}
          </option>
        ))}
      </SelectField>
    );
  }
  return (
    <div className="inputbox address">
      <input
        name="localPart"
        className="mono"
        aria-label={text('localPart')}
        placeholder={text('placeholder')}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={64}
        aria-invalid={invalid ? true : undefined}
      />
      <DomainSuffix domains={domains} domain={domains[0]?.name ?? ''} label={text('domain')} />
    </div>
  );
}

const choices = ['off', 'others', 'everybody'] as const;

function GroupRules({ given, wrongModerator }: { given: GivenAddress['group']; wrongModerator: FieldError | null }) {
  const text = useTranslations('panel.addresses');
  const [posting, setPosting] = useState<string>(given?.posting ?? 'customer');
  const [moderation, setModeration] = useState(given?.moderation ?? 'off');
  // a group that everybody may write to has no "others"
  const hint = moderation === 'others' && posting === 'anyone' ? 'nobody' : moderation;
  return (
    <>
      <div className="pair">
        <SelectField label={text('posting')} name="posting" value={posting} onChange={(event) => setPosting(event.target.value)}>
          {(['customer', 'members', 'anyone'] as const).map((one) => (
            <option key={one} value={one}>
              {text(`postings.${one}`)}
            </option>
          ))}
        </SelectField>
        <SelectField label={text('replyTo')} name="replyTo" defaultValue={given?.replyTo ?? 'author'}>
          {(['author', 'group'] as const).map((one) => (
            <option key={one} value={one}>
              {text(`replyTos.${one}`)}
            </option>
          ))}
        </SelectField>
      </div>
      <TextField
        label={text('subjectPrefix')}
        hint={text('subjectPrefixHint')}
        name="subjectPrefix"
        defaultValue={given?.subjectPrefix ?? ''}
        maxLength={40}
      />
      <SelectField
        label={text('moderation')}
        hint={text(`moderationHints.${hint}`)}
        name="moderation"
        value={moderation}
        onChange={(event) => setModeration(choices.find((one) => one === event.target.value) ?? 'off')}
      >
        {choices.map((one) => (
          <option key={one} value={one}>
            {text(`moderations.${one}`)}
          </option>
        ))}
      </SelectField>
      {moderation === 'off' ? null : (
        <Field label={text('moderators')} hint={text('moderatorsHint')} error={wrongModerator}>
          {(control) => (
            <textarea
              {...control}
              className="input mono"
              name="moderators"
              rows={2}
              defaultValue={given?.moderators.join('\n') ?? ''}
              autoCapitalize="none"
              spellCheck={false}
              maxLength={20_000}
            />
          )}
        </Field>
      )}
    </>
  );
}
