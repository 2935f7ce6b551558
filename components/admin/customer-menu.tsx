'use client';

import { Ellipsis, Lock, LockOpen } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useTransition } from 'react';
import { Icon } from '../ui/icon.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { showToast } from '../ui/toast.tsx';

interface Props {
  id: number;
  name: string;
  suspended: boolean;
  change: (id: number, suspended: boolean) => Promise<void>;
}

export function CustomerMenu({ id, name, suspended, change }: Props) {
  const text = useTranslations('panel.customers');
  const [, start] = useTransition();
  const set = (value: boolean) =>
    start(async () => {
      await change(id, value);
      showToast({
        text: text(value ? 'toastSuspended' : 'toastResumed', { name }),
        undo: () => start(async () => change(id, !value)),
      });
    });
  return (
    <Menu label={text('menu', { name })} triggerClass="ib s" trigger={<Icon of={Ellipsis} />}>
      <MenuItem icon={<Icon of={suspended ? LockOpen : Lock} />} onSelect={() => set(!suspended)}>
        {text(suspended ? 'resume' : 'suspend')}
      </MenuItem>
    </Menu>
  );
}
