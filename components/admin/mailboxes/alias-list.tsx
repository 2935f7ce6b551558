'use client';

import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { KeptForm } from '../../ui/kept-form.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorText, type FieldError } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useAction, useStep } from '../../ui/use-action.ts';
import { DomainSuffix } from '../domain-suffix.tsx';
import { nothingYet, type FormAction, type FormState } from '../../ui/form-state.ts';

interface Props {
  /** A-label address, and as people read it */
  aliases: readonly { address: string; display: string }[];
  domains: readonly { name: string; display: string }[];
  /** preselected: the mailbox's own */
  domain: string;
  add: FormAction;
  remove: (address: string) => Promise<FieldError | null>;
}

/** Further addresses of a mailbox. Removing one can be undone, so nobody is asked. */
export function AliasList({ aliases, domains, domain, add, remove }: Props) {
  const text = useTranslations('panel');
  const [state, submit, busy] = useAction(add, nothingYet);
  const [, start] = useStep();
  const again = (address: string) => {
    const at = address.lastIndexOf('@');
    const form = new FormData();
    form.set('localPart', address.slice(0, at));
    form.set('domain', address.slice(at + 1));
    start(async () => {
      const { error } = await add(nothingYet satisfies FormState, form);
      if (error) showToast({ text: `${error.text} ${error.code ?? ''}` });
    });
  };
  const drop = ({ address, display }: { address: string; display: string }) =>
    start(async () => {
      const error = await remove(address);
      showToast(
        error
          ? { text: `${error.text} ${error.code ?? ''}` }
          : { text: text('mailbox.aliasRemoved', { address: display }), undo: () => again(address) },
      );
    });
  return (
    <>
      {aliases.length === 0 ? <p className="hint">{text('mailbox.noAliases')}</p> : null}
      <ul className="lines">
        {aliases.map((alias) => (
          <li key={alias.address}>
            <span className="mono grow">{alias.display}</span>
            <IconButton small label={text('mailbox.removeAlias', { address: alias.display })} onClick={() => drop(alias)}>
              <Icon of={X} size={16} />
            </IconButton>
          </li>
        ))}
      </ul>
      <KeptForm action={submit} className="oneline" aria-label={text('mailbox.alias')} emptyAfter={state} noValidate>
        <div className="inputbox address">
          <input
            name="localPart"
            className="mono"
            aria-label={text('mailbox.alias')}
            placeholder={text('mailboxes.placeholder')}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={64}
          />
          <DomainSuffix domains={domains} domain={domain} label={text('mailboxes.domain')} />
        </div>
        <Button type="submit" busy={busy}>
          {text('mailbox.addAlias')}
        </Button>
      </KeptForm>
      <div role="alert">{state.error ? <ErrorText error={state.error} /> : null}</div>
    </>
  );
}
