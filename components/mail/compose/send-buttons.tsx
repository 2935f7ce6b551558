'use client';

import { ChevronDown, Clock, Send } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { momentOf, wallClock } from '#lib/webmail/calendar/zoned-instant.ts';
import { longestHoldMs } from '#lib/config/longest-hold.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { type FieldError, TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { useMailDates, useZone } from '../dates.ts';
import { clockBehindMs } from '../server-clock.ts';
import { laterTimes } from './later-times.ts';

interface Props {
  onSend: () => void;
  onSendLater: (at: string) => void;
}

/** "Senden", and beside it the same with a later time. */
export function SendButtons({ onSend, onSendLater }: Props) {
  const text = useTranslations('mail.compose');
  const dates = useMailDates();
  const zone = useZone();
  const [choosing, setChoosing] = useState(false);
  return (
    <>
      <span className="split">
        <Button kind="primary" icon={<Icon of={Send} size={16} />} onClick={onSend}>
          {text('send')}
        </Button>
        <Menu label={text('chooseWhen')} triggerClass="btn primary" trigger={<Icon of={ChevronDown} size={16} />}>
          {(openedAt) => (
            <>
              {laterTimes(zone, openedAt).map(({ key, at }) => (
                <MenuItem key={key} icon={<Icon of={Clock} size={17} />} onSelect={() => onSendLater(at.toISOString())}>
                  {text(key)} <span className="dim num">{dates.full(at.toISOString())}</span>
                </MenuItem>
              ))}
              <MenuItem onSelect={() => setChoosing(true)}>{text('laterChoose')}</MenuItem>
            </>
          )}
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

/** Value of a field for day and time. */
const localValue = (zone: string, at: number): string => wallClock(zone, at).toISOString().slice(0, 16);

/** Asks for a day and a time. */
export function TimeDialog(props: { open: boolean; title: string; button: string; onClose: () => void; onChosen: (at: string) => void }) {
  const { open, title, button, onClose, onChosen } = props;
  const text = useTranslations('mail.compose');
  const common = useTranslations('common');
  const zone = useZone();
  const [value, setValue] = useState('');
  const [failure, setFailure] = useState<FieldError | null>(null);
  // Each time it opens, an hour from then.
  const [wasOpen, setWasOpen] = useState(false);
  if (open !== wasOpen) {
    setWasOpen(open);
    if (open) setValue(localValue(zone, Date.now() + clockBehindMs() + 3_600_000));
    setFailure(null);
  }
  return (
    <Dialog open={open} onClose={onClose} title={title}>
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          const wall = Date.parse(`${value}Z`);
          const now = Date.now() + clockBehindMs();
          const at = momentOf(zone, Number.isNaN(wall) ? 0 : wall, now);
          const waits = at.getTime() - now;
          if (waits < 0 || waits > longestHoldMs) return setFailure({ text: text(waits < 0 ? 'laterPast' : 'laterTooFar') });
          setFailure(null);
          onClose();
          onChosen(at.toISOString());
        }}
      >
        <TextField
          data-autofocus
          label={text('laterWhen')}
          type="datetime-local"
          value={value}
          error={failure}
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
