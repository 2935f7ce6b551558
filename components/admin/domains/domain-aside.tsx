'use client';

import { Trash2 } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorText, type FieldError } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useStep } from '../../ui/use-action.ts';

interface Props {
  name: string;
  display: string;
  mailboxes: number;
  aliases: number;
  verifiedAt: number | null;
  createdAt: number;
  /** answers what is in the way; redirects to the list when it is done */
  remove: (name: string) => Promise<FieldError>;
  /** its DKIM keys */
  keys: ReactNode;
  /** whether it stands for another one */
  alias: ReactNode;
}

/** What lies on a domain, in numbers; and its removal. */
export function DomainAside({ name, display, mailboxes, aliases, verifiedAt, createdAt, remove, keys, alias }: Props) {
  const text = useTranslations('panel');
  const format = useFormatter();
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<FieldError | null>(null);
  const [busy, start] = useStep();
  const date = (at: number) => format.dateTime(at, { dateStyle: 'medium' });
  return (
    <aside className="glance">
      <section aria-labelledby="on-this-domain">
        <h2 className="h" id="on-this-domain">
          {text('domain.side')}
        </h2>
        <dl className="kv">
          <div>
            <dt>{text('domain.mailboxes')}</dt>
            <dd>{format.number(mailboxes)}</dd>
          </div>
          <div>
            <dt>{text('domain.aliases')}</dt>
            <dd>{format.number(aliases)}</dd>
          </div>
          <div>
            <dt>{text('domain.ownership')}</dt>
            <dd>{verifiedAt === null ? text('domain.notConfirmed') : text('domain.confirmedAt', { date: date(verifiedAt) })}</dd>
          </div>
          <div>
            <dt>{text('domain.added')}</dt>
            <dd>{date(createdAt)}</dd>
          </div>
        </dl>
        <p className="mt-4">
          <Link className="link" href={`/panel/mailboxes?domain=${name}`}>
            {text('domain.toMailboxes')}
          </Link>
        </p>
        <p className="mt-2">
          <Link className="link" href={`/panel/addresses?domain=${name}`}>
            {text('domain.toAddresses')}
          </Link>
        </p>
        <p className="mt-2">
          <Link className="link" href={`/panel/domains/${name}/reports`}>
            {text('domain.toReports')}
          </Link>
        </p>
      </section>
      <section aria-labelledby="domain-keys">
        <h2 className="h" id="domain-keys">
          {text('domain.keysTitle')}
        </h2>
        {keys}
      </section>
      <section aria-labelledby="domain-alias">
        <h2 className="h" id="domain-alias">
          {text('domain.aliasTitle')}
        </h2>
        {alias}
      </section>
      <section>
        <Button kind="danger" small icon={<Icon of={Trash2} size={15} />} onClick={() => setAsking(true)}>
          {text('domain.remove')}
        </Button>
      </section>
      <Dialog open={asking} onClose={() => setAsking(false)} title={text('domain.removeTitle', { domain: display })}>
        <p className="mid mt-3">{text('domain.removeText', { aliases })}</p>
        <div role="alert" className="mt-3">
          {error ? <ErrorText error={error} /> : null}
        </div>
        <div className="acts">
          <Button data-autofocus onClick={() => setAsking(false)}>
            {text('domain.keep')}
          </Button>
          <Button kind="danger-filled" busy={busy} onClick={() => start(async () => setError(await remove(name)))}>
            {text('domain.removeConfirm')}
          </Button>
        </div>
      </Dialog>
    </aside>
  );
}
