'use client';

import { KeyRound } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useStep } from '../../ui/use-action.ts';
import type { FormState } from '../../ui/form-state.ts';

interface Props {
  keys: readonly { selector: string; algorithm: 'rsa' | 'ed25519'; use: 'signs' | 'next' | 'old'; seen: boolean }[];
  /** when the RSA key in use was made */
  madeAt: number;
  /** the installation publishes them */
  byCname: boolean;
  /** null: a renewal is under way, or has to wait for the CNAME records */
  renew: (() => Promise<FormState>) | null;
}

const names = { rsa: 'RSA', ed25519: 'Ed25519' } as const;

/** What a domain's letters are signed with, and new keys by one button. */
export function DomainKeys({ keys, madeAt, byCname, renew }: Props) {
  const text = useTranslations('panel.domain');
  const format = useFormatter();
  const [busy, start] = useStep();
  const ask = (action: () => Promise<FormState>) =>
    start(async () => {
      const { error } = await action();
      showToast({ text: error ? `${error.text} ${error.code ?? ''}` : text('keysRenewed') });
    });
  return (
    <>
      <dl className="kv">
        {keys.map(({ selector, algorithm, use, seen }) => (
          <div key={selector}>
            <dt>
              {names[algorithm]} <span className="mono">{selector}</span>
            </dt>
            <dd>{text(`keyUse.${use === 'signs' && !seen ? 'waits' : use}`)}</dd>
          </div>
        ))}
      </dl>
      <p className="hint mt-2">{text('keysSince', { date: format.dateTime(madeAt, { dateStyle: 'medium' }) })}</p>
      {renew ? (
        <>
          <p className="hint mt-2">{text(byCname ? 'keysByCname' : 'keysByText')}</p>
          <p className="mt-3">
            <Button small icon={<Icon of={KeyRound} size={15} />} busy={busy} onClick={() => ask(renew)}>
              {text('renewKeys')}
            </Button>
          </p>
        </>
      ) : null}
    </>
  );
}
