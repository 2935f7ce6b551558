'use client';

import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import type { FieldError } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { showToast } from '../../ui/toast.tsx';
import { AddressForm, type LeadingKind } from './address-form.tsx';
import { AddressRow, type AddressView } from './address-row.tsx';
import type { FormAction } from '../../ui/form-state.ts';
import { RemoveDialog } from './remove-address.tsx';

interface Props {
  addresses: readonly AddressView[];
  domains: readonly { name: string; display: string }[];
  save: FormAction;
  remove: (address: string) => Promise<FieldError | null>;
}

/** Addresses that lead elsewhere: a form for a new one, and the table. */
export function AddressBoard({ addresses, domains, save, remove }: Props) {
  const text = useTranslations('panel.addresses');
  const [adding, setAdding] = useState(addresses.length === 0);
  const [kind, setKind] = useState<LeadingKind>('forward');
  // a new form, empty, after each address that was made; another kind keeps what was typed
  const [made, setMade] = useState(0);
  const [leaving, setLeaving] = useState<AddressView | null>(null);
  return (
    <>
      {adding && domains.length > 0 ? (
        <section className="sheet block-sheet" aria-labelledby="create">
          <h2 className="h" id="create">
            {text('create')}
          </h2>
          <Segmented
            label={text('kind')}
            value={kind}
            options={(['forward', 'group', 'catch_all'] as const).map((one) => ({ value: one, label: text(`kinds.${one}`) }))}
            onChange={setKind}
          />
          <p className="hint">{text(`about.${kind}`)}</p>
          <AddressForm
            key={made}
            kind={kind}
            domains={domains}
            action={save}
            onCreated={(address) => {
              showToast({ text: text('created', { address }) });
              setMade((count) => count + 1);
            }}
          />
        </section>
      ) : (
        <p className="mt-5">
          <Button kind="primary" icon={<Icon of={Plus} size={16} />} onClick={() => setAdding(true)}>
            {text('create')}
          </Button>
        </p>
      )}
      {addresses.length > 0 ? (
        <div className="sheet tablebox mt-6">
          <table className="mails addresses">
            <caption className="vh">{text('title')}</caption>
            <thead>
              <tr>
                <th scope="col">{text('address')}</th>
                <th scope="col">{text('leadsTo')}</th>
                <th scope="col">{text('special')}</th>
                <th scope="col">
                  <span className="vh">{text('actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {addresses.map((address) => (
                <AddressRow key={address.id} address={address} remove={() => setLeaving(address)} />
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      <RemoveDialog
        display={leaving?.display ?? ''}
        isCatchAll={leaving?.kind === 'catch_all'}
        open={leaving !== null}
        onClose={() => setLeaving(null)}
        remove={async () => {
          const error = leaving && (await remove(leaving.address));
          if (!error && leaving) showToast({ text: text('removed', { address: leaving.display }) });
          return error;
        }}
      />
    </>
  );
}
