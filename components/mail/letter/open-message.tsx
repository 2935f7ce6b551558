'use client';

import {
  EllipsisVertical,
  FileCode,
  FileDown,
  Forward,
  Mail,
  Moon,
  Palette,
  Paperclip,
  Pencil,
  Reply,
  ReplyAll,
  Send,
  SquarePen,
  Sun,
} from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { personName } from '#lib/webmail/people/person-name.ts';
import type { MailMessage, Person } from '#lib/webmail/reading/mail-message.ts';
import { classes } from '../../ui/classes.ts';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { Stamp } from '../../ui/stamp.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useMailDates } from '../dates.ts';
import { useFailureWords } from '../failure-note.tsx';
import { InnerLetter } from './inner-letter.tsx';
import { LetterBody } from './letter-body.tsx';
import { type Scheme, useDarkLetters, usePageScheme } from '../frame/letter-scheme.ts';
import { LetterCautions } from './letter-cautions.tsx';
import { mailAddress, sendMail } from '../mail-api.ts';
import { useMail } from '../mail-context.ts';
import { RedirectDialog } from './redirect-dialog.tsx';
import { SenderItems } from './sender-items.tsx';
import { SignatureLine } from './signature-line.tsx';
import { TrustLine } from './trust-line.tsx';
import { UnsubscribeLine } from './unsubscribe-line.tsx';

interface Props {
  message: MailMessage;
  onShowImages: () => void;
  onShowWhole: () => void;
  onMarkUnread: () => void;
  onKey: (event: KeyboardEvent) => void;
}

/** One message of a conversation, unfolded. */
export function OpenMessage({ message, onShowImages, onShowWhole, onMarkUnread, onKey }: Props) {
  const text = useTranslations('mail');
  const { actions, folderOfUse } = useMail();
  const dates = useMailDates();
  const page = usePageScheme();
  const [ownScheme, setOwnScheme] = useState<Scheme | null>(null);
  const [darkLetters, setDarkLetters] = useDarkLetters();
  const scheme = ownScheme ?? (page === 'dark' && darkLetters ? 'dark' : 'light');
  const reference = { folder: message.folder, uid: message.uid };
  const sender = message.from[0] ?? { name: '', address: '' };
  const name = message.own ? text('read.you') : personName(sender) || text('list.noSender');
  const [redirecting, setRedirecting] = useState(false);
  const [misleading, setMisleading] = useState<string | null>(null);
  const words = useFailureWords();
  const trustPictures = async (on: boolean) => {
    try {
      await sendMail('picture-senders', { address: sender.address, on });
      if (on) onShowImages();
      showToast({ text: text(on ? 'read.picturesAlways' : 'read.picturesAsked', { address: sender.address }) });
    } catch (error) {
      showToast({ text: words(error), seconds: 20 });
    }
  };
  const toggleAll = () => {
    setOwnScheme(null);
    setDarkLetters(!darkLetters).catch((error: unknown) => showToast({ text: words(error), seconds: 20 }));
  };
  // where nothing vouches for the sender, all of the address is read
  const vouched = message.own || message.trust.verdict === 'verified' || message.trust.verdict === 'house';
  const openSource = (open: 0 | 1) => window.open(mailAddress('part', { ...reference, open }), '_blank', 'noopener');
  return (
    <article className={classes('msg open', message.own && 'out')} aria-label={`${name}, ${dates.full(message.date)}`}>
      <div className="msg-head">
        <Stamp name={personName(sender)} me={message.own} />
        <div className="min-w-0">
          <div className={vouched ? 'cut' : 'wraps'}>
            <span className="name">{name}</span>{' '}
            {name === sender.address ? null : <span className="mono dim sender-address">{sender.address}</span>}
          </div>
          <Recipients message={message} />
          {message.passedOnBy.length > 0 ? (
            <div className="dim recipients">{text('read.passedOn', { names: full(message.passedOnBy) })}</div>
          ) : null}
        </div>
        <div className="msg-tools">
          <time className="dim" dateTime={message.date}>
            {dates.full(message.date)}
          </time>
          <IconButton
            small
            className="only-wide"
            label={text('actions.reply')}
            shortcut="R"
            onClick={() => actions.respond('reply', reference)}
          >
            <Icon of={Reply} size={17} />
          </IconButton>
          <Menu late label={text('actions.forMessage')} triggerClass="ib s" trigger={<Icon of={EllipsisVertical} size={17} />}>
            <MenuItem icon={<Icon of={Reply} size={17} />} onSelect={() => actions.respond('reply', reference)}>
              {text('actions.reply')}
            </MenuItem>
            <MenuItem icon={<Icon of={ReplyAll} size={17} />} onSelect={() => actions.respond('reply-all', reference)}>
              {text('actions.replyAll')}
            </MenuItem>
            <MenuItem icon={<Icon of={Forward} size={17} />} onSelect={() => actions.respond('forward', reference)}>
              {text('actions.forward')}
            </MenuItem>
            <MenuItem icon={<Icon of={Paperclip} size={17} />} onSelect={() => actions.respond('forward-whole', reference)}>
              {text('actions.forwardWhole')}
            </MenuItem>
            {message.draft ? null : (
              <MenuItem icon={<Icon of={Send} size={17} />} onSelect={() => setRedirecting(true)}>
                {text('actions.redirect')}
              </MenuItem>
            )}
            <MenuItem icon={<Icon of={SquarePen} size={17} />} onSelect={() => actions.respond('as-new', reference)}>
              {text('actions.editAsNew')}
            </MenuItem>
            <hr />
            <MenuItem icon={<Icon of={Mail} size={17} />} onSelect={onMarkUnread}>
              {text('actions.markUnread')}
            </MenuItem>
            {message.own || sender.address === '' ? null : <SenderItems message={message} />}
            {page === 'dark' && message.body.html ? (
              <MenuItem
                icon={<Icon of={scheme === 'dark' ? Sun : Moon} size={17} />}
                onSelect={() => setOwnScheme(scheme === 'dark' ? 'light' : 'dark')}
              >
                {text(scheme === 'dark' ? 'read.showLight' : 'read.showDark')}
              </MenuItem>
            ) : null}
            {page === 'dark' && message.body.html ? (
              <MenuItem icon={<Icon of={Palette} size={17} />} onSelect={toggleAll}>
                {text(darkLetters ? 'read.alwaysLight' : 'read.alwaysDark')}
              </MenuItem>
            ) : null}
            <MenuItem icon={<Icon of={FileCode} size={17} />} onSelect={() => openSource(1)}>
              {text('actions.source')}
            </MenuItem>
            <MenuItem icon={<Icon of={FileDown} size={17} />} onSelect={() => openSource(0)}>
              {text('actions.download')}
            </MenuItem>
          </Menu>
        </div>
      </div>
      <PrintHead message={message} />
      <RedirectDialog open={redirecting} reference={reference} onClose={() => setRedirecting(false)} />
      {message.own ? null : (
        <TrustLine trust={message.trust} inJunk={reference.folder === folderOfUse('junk')}>
          {message.unsubscribe ? <UnsubscribeLine unsubscribe={message.unsubscribe} reference={reference} /> : null}
          {message.picturesTrusted && sender.address ? (
            <button type="button" className="link bare" onClick={() => void trustPictures(false)}>
              {text('read.picturesAsk')}
            </button>
          ) : null}
        </TrustLine>
      )}
      {message.signature ? <SignatureLine signature={message.signature} address={sender.address} /> : null}
      <LetterCautions message={message} misleading={misleading} />
      {message.draft ? (
        <div className="strip">
          <Icon of={Pencil} size={17} />
          <span>{text('read.draftHere')}</span>
          <button type="button" className="link bare" onClick={() => actions.respond('draft', reference)}>
            {text('read.editDraft')}
          </button>
        </div>
      ) : null}
      <LetterBody
        body={message.body}
        attachments={message.attachments}
        invitation={message.invitation}
        onMisleading={setMisleading}
        house={message.trust.house ? { domain: message.trust.house, counts: message.unsubscribe !== null } : null}
        {...(vouched ? { onAlwaysImages: () => void trustPictures(true) } : {})}
        reference={reference}
        Inner={InnerLetter}
        name={name}
        scheme={scheme}
        onSheet={page === 'dark' && scheme === 'light'}
        onShowImages={onShowImages}
        onShowWhole={onShowWhole}
        onKey={onKey}
      />
    </article>
  );
}

const full = (people: readonly Person[]): string =>
  people.map((person) => (person.name ? `${person.name} <${person.address}>` : person.address)).join(', ');

/** The whole head for paper: everybody with their address. */
function PrintHead({ message }: { message: MailMessage }) {
  const text = useTranslations('mail.compose');
  const read = useTranslations('mail.read');
  const dates = useMailDates();
  const lines: [string, string][] = [
    [text('from'), full(message.from)],
    [text('to'), full(message.to)],
    [text('cc'), full(message.cc)],
    [text('bcc'), full(message.bcc)],
  ];
  return (
    <div className="print-head">
      {lines.map(([label, value]) =>
        value ? (
          <div key={label}>
            {label}: {value}
          </div>
        ) : null,
      )}
      {message.passedOnBy.length > 0 ? <div>{read('passedOn', { names: full(message.passedOnBy) })}</div> : null}
      <div>{dates.full(message.date)}</div>
    </div>
  );
}

function Recipients({ message }: { message: MailMessage }) {
  const text = useTranslations('mail.read');
  const { isMe } = useMail();
  const names = (people: readonly Person[]) =>
    people.map((person) => (isMe(person.address) ? text('youInside') : personName(person))).join(', ');
  return (
    <div className="dim recipients" title={full([...message.to, ...message.cc, ...message.bcc])}>
      {[
        message.to.length > 0 ? text('to', { names: names(message.to) }) : '',
        message.cc.length > 0 ? text('cc', { names: names(message.cc) }) : '',
        message.bcc.length > 0 ? text('bcc', { names: names(message.bcc) }) : '',
      ]
        .filter(Boolean)
        .join(', ')}
    </div>
  );
}
