'use client';

import { Ellipsis, Route, SquarePen, Trash2 } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import Link from 'next/link';
import { Chip } from '../../ui/chip.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu, MenuItem, MenuLink } from '../../ui/menu.tsx';
import type { LeadingKind } from './address-form.tsx';

export interface AddressView {
  id: number;
  address: string;
  /** as people read it */
  display: string;
  domain: string;
  kind: LeadingKind;
  /** a group's name, or what was noted */
  label: string;
  /** the first moment at which it is no longer valid, in milliseconds since 1970 */
  expiresAt: number | null;
  /** targets or members */
  count: number;
  /** the first of them */
  shown: readonly string[];
  paused: number;
  leadsNowhere: boolean;
}

export function AddressRow({ address, remove }: { address: AddressView; remove: () => void }) {
  const text = useTranslations('panel.addresses');
  const format = useFormatter();
  const { id, display, kind, label, expiresAt, count, shown, paused, leadsNowhere } = address;
  const isCatchAll = kind === 'catch_all';
  const name = isCatchAll ? text('catchAllOf', { domain: address.domain }) : display;
  const expired = expiresAt !== null && expiresAt <= Date.now();
  return (
    <tr>
      <th scope="row">
        <Link className="box" href={`/panel/addresses/${id}`}>
          <span className="mono rowlink">{name}</span>
          {label !== '' && label !== display ? <span className="mid">{label}</span> : null}
        </Link>
      </th>
      <td className="mid">
        {shown.map((target) => (
          <span key={target} className="block mono cut">
            {target}
          </span>
        ))}
        {count > shown.length ? <span className="hint">{text('others', { count: count - shown.length })}</span> : null}
      </td>
      <td>
        <span className="chips">
          {kind === 'group' ? <Chip>{`${text('chips.group')}, ${text('chips.members', { count })}`}</Chip> : null}
          {isCatchAll ? <Chip>{text('chips.catch_all')}</Chip> : null}
          {expiresAt === null ? null : (
            <Chip tone={expired ? 'bad' : 'line'}>
              {expired ? text('chips.expired') : text('chips.expires', { date: format.dateTime(expiresAt - 1, { dateStyle: 'medium' }) })}
            </Chip>
          )}
          {leadsNowhere ? <Chip tone="bad">{text('chips.nobody')}</Chip> : null}
          {paused > 0 ? <Chip tone="warn">{text('chips.paused', { count: paused })}</Chip> : null}
        </span>
      </td>
      <td className="more">
        <Menu label={text('menu', { address: name })} triggerClass="ib s" trigger={<Icon of={Ellipsis} />}>
          <MenuLink href={`/panel/addresses/${id}`} icon={<Icon of={SquarePen} />}>
            {text('open')}
          </MenuLink>
          {isCatchAll ? null : (
            <MenuLink href={`/panel/addresses/map?address=${encodeURIComponent(address.address)}`} icon={<Icon of={Route} />}>
              {text('mapTitle')}
            </MenuLink>
          )}
          <MenuItem danger icon={<Icon of={Trash2} />} onSelect={remove}>
            {text('remove')}
          </MenuItem>
        </Menu>
      </td>
    </tr>
  );
}
