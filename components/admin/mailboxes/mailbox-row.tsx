'use client';

import { ArchiveRestore, Ellipsis, Lock, LockOpen, SquarePen, Trash2 } from 'lucide-react';
import { useFormatter, useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import { storageState } from '#lib/config/storage-state.ts';
import { formatUsage } from '#lib/i18n/format-bytes.ts';
import { Chip } from '../../ui/chip.tsx';
import { classes } from '../../ui/classes.ts';
import { Icon } from '../../ui/icon.tsx';
import { Menu, MenuItem, MenuLink } from '../../ui/menu.tsx';
import { UsageBar } from '../../ui/usage-bar.tsx';
import type { MailboxAction } from './mailbox-action.ts';
import type { MailboxView } from './mailbox-board.tsx';
import { useMoment } from '../use-moment.ts';

interface Props {
  mailbox: MailboxView;
  fresh: boolean;
  act: (mailbox: MailboxView, action: MailboxAction) => void;
}

export function MailboxRow({ mailbox, fresh, act }: Props) {
  const text = useTranslations('panel');
  const locale = useLocale();
  const format = useFormatter();
  const moment = useMoment();
  const { used, total } = formatUsage(locale, mailbox.usedBytes, mailbox.quotaBytes);
  const share = mailbox.quotaBytes > 0 ? mailbox.usedBytes / mailbox.quotaBytes : 0;
  const state = storageState(mailbox.usedBytes, mailbox.quotaBytes);
  const deleted = mailbox.status === 'deleted';
  return (
    <tr className={fresh ? 'fresh' : ''}>
      <th scope="row">
        <Link className="box" href={`/panel/mailboxes/${mailbox.id}`}>
          <span className="mono rowlink">
            {mailbox.localPart}
            <span className="dim">@{mailbox.domain}</span>
          </span>
          {mailbox.name ? <span className="mid">{mailbox.name}</span> : null}
        </Link>
      </th>
      <td>
        <span className="usage">
          <span className="num">{text('of', { used, total })}</span>
          <span className={classes('num', state === 'full' ? 'full' : 'dim')}>
            {format.number(Math.min(share, 1), { style: 'percent' })}
          </span>
        </span>
        <UsageBar used={mailbox.usedBytes} total={mailbox.quotaBytes} />
      </td>
      <td className="mid">{mailbox.lastLoginAt === null ? text('never') : <time>{moment(mailbox.lastLoginAt)}</time>}</td>
      <td>
        <span className="chips">
          {mailbox.status === 'suspended' ? <Chip tone="warn">{text('mailboxes.chips.suspended')}</Chip> : null}
          {deleted && mailbox.purgeAfter !== null ? (
            <Chip tone="bad">
              {text('mailboxes.chips.deleted', { date: format.dateTime(mailbox.purgeAfter, { day: 'numeric', month: 'numeric' }) })}
            </Chip>
          ) : null}
          {state === 'full' && !deleted ? <Chip tone="bad">{text('mailboxes.chips.full')}</Chip> : null}
          {state === 'scarce' && !deleted ? <Chip tone="warn">{text('mailboxes.chips.scarce')}</Chip> : null}
          {mailbox.lastLoginAt === null && mailbox.status === 'active' ? <Chip tone="line">{text('mailboxes.chips.fresh')}</Chip> : null}
          {mailbox.role === 'none' ? null : <Chip>{text(`role.${mailbox.role}`)}</Chip>}
          {mailbox.aliases > 0 ? <Chip>{text('mailboxes.chips.aliases', { count: mailbox.aliases })}</Chip> : null}
        </span>
      </td>
      <td className="more">
        <Menu label={text('mailboxes.menu', { address: mailbox.address })} triggerClass="ib s" trigger={<Icon of={Ellipsis} />}>
          <MenuLink href={`/panel/mailboxes/${mailbox.id}`} icon={<Icon of={SquarePen} />}>
            {text('mailboxes.open')}
          </MenuLink>
          {deleted ? (
            <MenuItem icon={<Icon of={ArchiveRestore} />} onSelect={() => act(mailbox, 'restore')}>
              {text('mailboxes.restore')}
            </MenuItem>
          ) : (
            <>
              <MenuItem
                icon={<Icon of={mailbox.status === 'suspended' ? LockOpen : Lock} />}
                onSelect={() => act(mailbox, mailbox.status === 'suspended' ? 'resume' : 'suspend')}
              >
                {text(mailbox.status === 'suspended' ? 'mailboxes.resume' : 'mailboxes.suspend')}
              </MenuItem>
              <MenuItem danger icon={<Icon of={Trash2} />} onSelect={() => act(mailbox, 'delete')}>
                {text('mailboxes.delete')}
              </MenuItem>
            </>
          )}
        </Menu>
      </td>
    </tr>
  );
}
