import { Ban, CirclePause, Forward, Mail, RefreshCcw, Send, Users, type LucideIcon } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import Link from 'next/link';
import { displayAddress } from '#lib/addresses/email-address.ts';
import type { MappedMailbox, MappedStep } from '#lib/provisioning/addresses/map-address.ts';
import { Icon } from '../../ui/icon.tsx';

const icons: Record<MappedStep['kind'], LucideIcon> = {
  mailbox: Mail,
  forward: Forward,
  group: Users,
  'catch-all': Forward,
  outside: Send,
  nobody: Ban,
  responsible: Forward,
  loop: RefreshCcw,
  'too-deep': Ban,
  'too-many': Ban,
  paused: CirclePause,
  unconfirmed: CirclePause,
  forbidden: Ban,
};

/** The way of a letter, one station below the other. */
export function AddressMap({ step }: { step: MappedStep }) {
  return (
    <div className="sheet way">
      <ul>
        <Station step={step} />
      </ul>
    </div>
  );
}

function Station({ step }: { step: MappedStep }) {
  const text = useTranslations('panel.addresses.step');
  const entry = displayAddress(step.entry ?? step.address);
  const leads = step.kind === 'forward' || step.kind === 'group' || step.kind === 'catch-all';
  return (
    <li className={step.kind === 'nobody' ? 'bad' : step.kind === 'paused' || step.kind === 'loop' ? 'warn' : undefined}>
      <Icon of={icons[step.kind]} />
      <div>
        {step.mailbox ? (
          <Link className="mono rowlink" href={`/panel/mailboxes/${step.mailbox.id}`}>
            {displayAddress(step.address)}
          </Link>
        ) : (
          <span className="mono rowlink">{displayAddress(step.address)}</span>
        )}
        {step.viaDomainAlias ? <p className="hint">{text('domainAlias', { entry })}</p> : null}
        {step.found === 'subaddress' ? <p className="hint">{text('subaddress', { entry })}</p> : null}
        {step.found === 'catch-all' ? <p className="hint">{text('foundCatchAll', { entry: step.entry ?? '' })}</p> : null}
        {step.mailbox ? (
          <Mailbox mailbox={step.mailbox} />
        ) : (
          <p className="mid">
            {step.kind === 'mailbox'
              ? text('mailbox')
              : leads && step.leadsTo.length === 0
                ? text('nowhere')
                : step.kind === 'group'
                  ? text('group', { name: step.group?.name ?? '' })
                  : text(step.kind)}
          </p>
        )}
        {step.group ? <MayPost group={step.group} /> : null}
        {step.reason ? <p className="hint mono">{step.reason}</p> : null}
        {step.leadsTo.length > 0 ? (
          <ul>
            {step.leadsTo.map((next) => (
              <Station key={next.address} step={next} />
            ))}
          </ul>
        ) : null}
      </div>
    </li>
  );
}

/** Who may write to a group, and what becomes of what others write. */
function MayPost({ group: { posting, moderation } }: { group: NonNullable<MappedStep['group']> }) {
  const text = useTranslations('panel.addresses');
  return (
    <p className="hint">
      {text(`step.posting.${posting}`)}
      {posting === 'anyone' && moderation !== 'everybody' ? '' : ` ${text(`moderationHints.${moderation}`)}`}
    </p>
  );
}

/** What happens to a letter in a mailbox, in the order in which it does. */
function Mailbox({ mailbox }: { mailbox: MappedMailbox }) {
  const text = useTranslations('panel.addresses.step');
  const format = useFormatter();
  const { script, absentUntil, blockedSenders } = mailbox;
  return (
    <>
      <p className="mid">
        {text(
          mailbox.again
            ? 'again'
            : mailbox.full
              ? 'mailboxFull'
              : mailbox.keepsNothing
                ? 'keepsNothing'
                : mailbox.suspended
                  ? 'mailboxSuspended'
                  : 'mailbox',
        )}
      </p>
      {blockedSenders > 0 ? <p className="hint">{text('blocked', { count: blockedSenders })}</p> : null}
      {script ? (
        <p className="hint">
          {script.rules.length > 0 ? text('rules', { names: format.list(script.rules) }) : text('script', { name: script.name })}
        </p>
      ) : null}
      {absentUntil === undefined ? null : (
        <p className="hint">
          {absentUntil === null ? text('absent') : text('absentUntil', { date: format.dateTime(absentUntil, { dateStyle: 'long' }) })}
        </p>
      )}
    </>
  );
}
