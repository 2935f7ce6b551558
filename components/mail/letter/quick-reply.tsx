'use client';

import { Forward, Maximize2, Paperclip, Reply, ReplyAll, Send } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { personName } from '#lib/webmail/people/person-name.ts';
import { withWritten, writtenAsHtml } from '#lib/webmail/writing/quote-text.ts';
import type { Letter } from '#lib/webmail/writing/letter.ts';
import type { MessageHead } from '#lib/webmail/reading/mail-message.ts';
import { showToast } from '../../ui/toast.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { useOutbox } from '../compose/use-outbox.ts';
import { useZone } from '../dates.ts';
import { useFailureWords } from '../failure-note.tsx';
import { getMail } from '../mail-api.ts';
import { useMail } from '../mail-context.ts';

/** One line to answer, docked below the conversation. It grows with the text; the arrow moves it to the compose window. */
export function QuickReply({ message }: { message: MessageHead }) {
  const text = useTranslations('mail');
  const { actions, address } = useMail();
  const sendLater = useOutbox();
  const words = useFailureWords();
  const zone = useZone();
  const area = useRef<HTMLTextAreaElement>(null);
  const key = `postamt:quick:${address}:${message.messageId || `${message.folder} ${message.uid}`}`;
  const [written, setWritten] = useState(() => readKept(key));
  const [busy, setBusy] = useState(false);
  const reference = { folder: message.folder, uid: message.uid };
  const name = personName(message.from[0] ?? { name: '', address: '' });
  const label = text('read.quickReply', { name });

  const write = (value: string) => {
    setWritten(value);
    keep(key, value);
    const box = area.current;
    if (box) {
      box.style.height = '24px';
      box.style.height = `${Math.min(box.scrollHeight, 240)}px`;
    }
  };

  const prepare = async (): Promise<Letter> => {
    const letter = await getMail<Letter>('compose', { kind: 'reply', ...reference, zone });
    return { ...letter, html: withWritten(letter.html, writtenAsHtml(written)) };
  };

  const taking = useRef(false);
  const take = async (then: (letter: Letter) => void) => {
    // A second press, before the first shows, is the same wish.
    if (taking.current) return;
    taking.current = true;
    setBusy(true);
    try {
      then(await prepare());
      write('');
    } catch (error) {
      showToast({ text: words(error) });
    } finally {
      taking.current = false;
      setBusy(false);
    }
  };
  const send = () => void take((letter) => sendLater(letter));
  const enlarge = () =>
    written.trim() ? void take((letter) => actions.compose({ from: 'letter', letter })) : actions.respond('reply', reference);

  return (
    <form
      className="reply only-wide"
      aria-label={text('actions.reply')}
      onSubmit={(event) => {
        event.preventDefault();
        if (written.trim()) send();
        else actions.respond('reply', reference);
      }}
    >
      <textarea
        ref={area}
        rows={1}
        aria-label={label}
        placeholder={label}
        value={written}
        readOnly={busy}
        onChange={(event) => write(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && written.trim()) {
            event.preventDefault();
            send();
          }
          if (event.key === 'Escape') area.current?.blur();
        }}
      />
      {written.trim() ? (
        <Button small type="submit" busy={busy} icon={<Icon of={Send} size={16} />}>
          {text('read.send')}
        </Button>
      ) : (
        <Button small type="submit" aria-keyshortcuts="R" icon={<Icon of={Reply} size={16} />}>
          {text('actions.reply')}
          <kbd>R</kbd>
        </Button>
      )}
      <IconButton small label={text('actions.replyAll')} shortcut="A" onClick={() => actions.respond('reply-all', reference)}>
        <Icon of={ReplyAll} />
      </IconButton>
      <IconButton small label={text('actions.forward')} shortcut="F" onClick={() => actions.respond('forward', reference)}>
        <Icon of={Forward} />
      </IconButton>
      <IconButton small className="opt" label={text('compose.attach')} onClick={enlarge}>
        <Icon of={Paperclip} />
      </IconButton>
      <IconButton small label={text('read.enlarge')} onClick={enlarge}>
        <Icon of={Maximize2} size={16} />
      </IconButton>
    </form>
  );
}

/** In this browser, until it is sent or taken over by the compose window. */
function keep(key: string, value: string): void {
  try {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
  } catch {
    // Storage is full or switched off: it stays in the page.
  }
}

function readKept(key: string): string {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}
