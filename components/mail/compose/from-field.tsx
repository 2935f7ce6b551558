'use client';

import { useTranslations } from 'next-intl';
import type { Person } from '#lib/webmail/reading/mail-message.ts';
import type { WritesAs } from '#lib/webmail/writing/letter.ts';
import { useMail } from '../mail-context.ts';

/** Whom the letter is written as: every address of the mailbox, and the subaddress that the answered letter came to. */
export function FromField({ from, onChange }: { from: Person | null; onChange: (identity: WritesAs) => void }) {
  const text = useTranslations('mail.compose');
  const { identities, name, address } = useMail();
  const chosen = from?.address ?? identities[0]?.address ?? address;
  const known = identities.some((identity) => identity.address === chosen);
  const base = identities.find((identity) => identity.address === chosen.replace(/\+[^@]*(?=@)/, () => ''));
  const all: WritesAs[] = known
    ? [...identities]
    : [
        { address: chosen, name: from?.name || base?.name || name, replyTo: base?.replyTo ?? '', signature: base?.signature ?? '' },
        ...identities,
      ];
  const current = all.find((identity) => identity.address === chosen);
  if (all.length <= 1) {
    return (
      <div className="line-field">
        <span className="lab">{text('from')}</span>
        <div className="set from-line">
          {current?.name || name} <span className="mono dim">{chosen}</span>
        </div>
      </div>
    );
  }
  return (
    <div className="line-field">
      <label htmlFor="compose-from">{text('from')}</label>
      <div className="set from-line">
        <select
          id="compose-from"
          className="from-select"
          value={chosen}
          onChange={(event) => {
            const next = all.find((identity) => identity.address === event.target.value);
            if (next) onChange(next);
          }}
        >
          {all.map((identity) => (
            <option key={identity.address} value={identity.address}>
              {identity.name ? `${identity.name} <${identity.address}>` : identity.address}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
