'use client';

import { ChevronDown, Clock, Send } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { useMailDates } from '../dates.ts';

interface Props {
  onSend: () => void;
  onSendLater: (at: string) => void;
}

/** "Senden", and beside it the same with a later time. */
export function SendButtons({ onSend, onSendLater }: Props) {
  const text = useTranslations('mail.compose');
  const dates = useMailDates();
  const [choosing, setChoosing] = useState(false);
  return (
    <>
      <span className="split">
        <Button kind="primary" icon={<Icon of={Send} size={16} />} onClick={onSend}>
          {text('send')}
        </Button>
        <Menu label={text('chooseWhen')} triggerClass="btn primary" trigger={<Icon of={ChevronDown} size={16} />}>
          {laterTimes(new Date()).map(({ key, at }) => (
            <MenuItem key={key} icon={<Icon of={Clock} size={17} />} onSelect={() => onSendLater(at.toISOString())}>
              {text(key)} <span className="dim num">{dates.full(at.toISOString())}</span>
            </MenuItem>
          ))}
          <MenuItem onSelect={() => setChoosing(true)}>{text('laterChoose')}</MenuItem>
        </Menu>
      </span>
      <TimeDialog
        open={choosing}
        title={text('sendLater')}
        button={text('laterButton')}
        onClose={() => setChoosing(false)}
        onChosen={onSendLater}
      />
    </>
  );
}

type LaterKey = 'laterEvening' | 'laterTomorrow' | 'laterMonday';

/** Moments that people choose: this evening while it is far enough, tomorrow morning, Monday morning. */
function laterTimes(now: Date): { key: LaterKey; at: Date }[] {
  const on = (days: number, hour: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
  const times: { key: LaterKey; at: Date }[] = [];
  if (now.getHours() < 17) times.push({ key: 'laterEvening', at: on(0, 18) });
  times.push({ key: 'laterTomorrow', at: on(1, 8) });
  const toMonday = (8 - now.getDay()) % 7 || 7;
  if (toMonday > 1) times.push({ key: 'laterMonday', at: on(toMonday, 8) });
  return times;
}

const two = (value: number): string => String(value).padStart(2, '0');
const localValue = (date: Date): string =>
  `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;

/** Asks for a day and a time. */
export function TimeDialog(props: { open: boolean; title: string; button: string; onClose: () => void; onChosen: (at: string) => void }) {
  const { open, title, button, onClose, onChosen } = props;
  const text = useTranslations('mail.compose');
  const common = useTranslations('common');
  const [value, setValue] = useState(() => localValue(new Date(Date.now() + 3_600_000)));
  const [failure, setFailure] = useState('');
  return (
    <Dialog open={open} onClose={onClose} title={title}>
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          const at = new Date(value);
          if (Number.isNaN(at.getTime()) || at.getTime() < Date.now()) return setFailure(text('laterPast'));
          setFailure('');
          onClose();
          onChosen(at.toISOString());
        }}
      >
        <TextField
          data-autofocus
          label={text('laterWhen')}
          type="datetime-local"
          value={value}
          error={failure ? { text: failure } : null}
          onChange={(event) => setValue(event.target.value)}
        />
        <div className="dialog-buttons">
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button kind="primary" type="submit">
            {button}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
