'use client';

import { Ellipsis, Gauge, KeyRound, Lock, LockOpen } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useCallback, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorText } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useStep } from '../../ui/use-action.ts';
import { CustomerLimits, type LimitsView } from './customer-limits.tsx';
import { nothingYet, type FormAction, type FormState } from '../../ui/form-state.ts';
import { SecretSlip } from '../secret-slip.tsx';

interface Props {
  id: number;
  name: string;
  suspended: boolean;
  change: (id: number, suspended: boolean) => Promise<void>;
  /** address as people read it */
  owner: { id: number; address: string } | null;
  newPassword: (ownerId: number) => Promise<FormState>;
  limits: LimitsView;
  standard: LimitsView;
  saveLimits: FormAction;
}

export function CustomerMenu({ id, name, suspended, change, owner, newPassword, limits, standard, saveLimits }: Props) {
  const text = useTranslations('panel.customers');
  const [, start] = useStep();
  const [asked, setAsked] = useState(false);
  const [limiting, setLimiting] = useState(false);
  const closeLimits = useCallback(() => setLimiting(false), []);
  const set = (value: boolean) =>
    start(async () => {
      await change(id, value);
      showToast({
        text: text(value ? 'toastSuspended' : 'toastResumed', { name }),
        undo: () => start(async () => change(id, !value)),
      });
    });
  return (
    <>
      <Menu label={text('menu', { name })} triggerClass="ib s" trigger={<Icon of={Ellipsis} />}>
        <MenuItem icon={<Icon of={suspended ? LockOpen : Lock} />} onSelect={() => set(!suspended)}>
          {text(suspended ? 'resume' : 'suspend')}
        </MenuItem>
        <MenuItem icon={<Icon of={Gauge} />} onSelect={() => setLimiting(true)}>
          {text('limits')}
        </MenuItem>
        {owner ? (
          <MenuItem icon={<Icon of={KeyRound} />} onSelect={() => setAsked(true)}>
            {text('newPassword')}
          </MenuItem>
        ) : null}
      </Menu>
      {limiting ? <CustomerLimits name={name} limits={limits} standard={standard} save={saveLimits} onClose={closeLimits} /> : null}
      {owner && asked ? <NewPassword address={owner.address} make={() => newPassword(owner.id)} onClose={() => setAsked(false)} /> : null}
    </>
  );
}

/** Asks first, since the present password is gone afterwards; then shows the new one once. */
function NewPassword({ address, make, onClose }: { address: string; make: () => Promise<FormState>; onClose: () => void }) {
  const text = useTranslations('panel.customers');
  const common = useTranslations('common');
  const panel = useTranslations('panel');
  const [answer, setAnswer] = useState(nothingYet);
  const [busy, start] = useStep();
  const confirm = () => start(async () => setAnswer(await make()));
  const secret = answer.secret ?? null;
  return (
    <Dialog open onClose={onClose} title={text('newPasswordTitle', { address })}>
      {secret === null ? <p className="mid mt-3">{text('newPasswordText')}</p> : null}
      <div role="status">
        {secret === null ? null : (
          <SecretSlip
            title={text('newPasswordDone', { address })}
            secret={secret}
            what={panel('mailbox.password')}
            note={text('newPasswordOnce', { address })}
          />
        )}
      </div>
      <div role="alert">{answer.error ? <ErrorText error={answer.error} /> : null}</div>
      <div className="acts">
        <Button data-autofocus onClick={onClose}>
          {common(secret === null ? 'cancel' : 'close')}
        </Button>
        {secret === null ? (
          <Button kind="danger-filled" busy={busy} onClick={confirm}>
            {text('newPasswordConfirm')}
          </Button>
        ) : null}
      </div>
    </Dialog>
  );
}
