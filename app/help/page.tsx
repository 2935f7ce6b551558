import type { Metadata } from 'next';
import Link from 'next/link';
import { getLocale, getTranslations } from 'next-intl/server';
import { Contents } from '#components/help/contents.tsx';
import { MySettings } from '#components/help/my-settings.tsx';
import { ProgramSteps } from '#components/help/program-steps.tsx';
import { ProtocolDiagram } from '#components/help/protocol-diagram.tsx';
import { ClientMessages } from '#components/shell/client-messages.tsx';
import { BrandMark } from '#components/ui/brand.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { displayAddress } from '#lib/addresses/email-address.ts';
import { currentSession, firstPage } from '#lib/auth/session.ts';
import { installationSettings } from '#lib/client-setup/installation-settings.ts';
import { installation } from '#lib/config/installation.ts';
import { languageOf } from '#lib/i18n/locales.ts';
import { setPreference } from '#lib/i18n/preferences.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('help'))('title') };
}

const choices = ['devices', 'folders', 'lost', 'advice'] as const;
const questions = [
  'words',
  'port',
  'password',
  'certificate',
  'relay',
  'printer',
  'sentMissing',
  'popDeleted',
  'full',
  'move',
  'profile',
] as const;

/** Public: IMAP, POP3 and SMTP explained, with the reader's own settings if they are signed in. */
export default async function Help() {
  const session = await currentSession();
  const text = await getTranslations('help');
  const common = await getTranslations('common');
  const auth = await getTranslations('auth');
  const settings = installationSettings();
  const { failures, waitS } = installation().login;
  const address = session && session.mailboxId !== null ? displayAddress(session.address) : null;
  const other = languageOf(await getLocale()) === 'de' ? 'en' : 'de';
  const b = (chunks: React.ReactNode) => <b>{chunks}</b>;
  const devices = (chunks: React.ReactNode) => <Link href={session ? '/account' : '/sign-in?next=/account'}>{chunks}</Link>;
  const facts = {
    host: settings.host,
    submissions: String(settings.submissions),
    submission: String(settings.submission),
    failures,
    minutes: Math.ceil(waitS / 60),
    b,
  };
  return (
    <>
      <a className="skip" href="#inhalt">
        {common('skip')}
      </a>
      <header className="helptop">
        <Link className="brand" href="/">
          <BrandMark />
          <span>{common('brand')}</span>
        </Link>
        <span className="dim only-wide where">{common('help')}</span>
        <span className="grow" />
        <form action={setPreference.bind(null, 'locale', other)}>
          <button className="link" type="submit" lang={other}>
            {auth('otherLanguage')}
          </button>
        </form>
        <Link className={buttonClass('plain', true)} href={session ? firstPage(session) : '/sign-in'}>
          {session ? (session.mailboxId === null ? common('accountMenu.toPanel') : common('accountMenu.toMail')) : auth('title')}
        </Link>
      </header>
      <ClientMessages namespaces={['common']}>
        <div className="helpgrid">
          <Contents
            label={text('contents')}
            entries={(['short', 'picture', 'choice', 'programs', 'questions'] as const).map((id) => ({
              id,
              title: text(`headings.${id}`),
            }))}
          />
          <main className="article prose" id="inhalt" tabIndex={-1}>
            <p className="kicker">{text('kicker')}</p>
            <h1>{text('title')}</h1>
            <p className="lead">{text('lead')}</p>
            <h2 id="short">{text('headings.short')}</h2>
            <p>{text.rich('short.imap', { b })}</p>
            <p>{text.rich('short.pop3', { b })}</p>
            <p>{text.rich('short.smtp', { b })}</p>
            <ProtocolDiagram />
            <h2 id="choice">{text('headings.choice')}</h2>
            <div className="sheet tablebox">
              <table className="cmp">
                <caption className="vh">{text('headings.choice')}</caption>
                <thead>
                  <tr>
                    <td />
                    <th scope="col">IMAP</th>
                    <th scope="col">POP3</th>
                  </tr>
                </thead>
                <tbody>
                  {choices.map((choice) => (
                    <tr key={choice}>
                      <th scope="row">{text(`choice.${choice}.what`)}</th>
                      <td>{choice === 'advice' ? <b>{text('choice.advice.imap')}</b> : text(`choice.${choice}.imap`)}</td>
                      <td>{text(`choice.${choice}.pop3`)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            <h2 id="programs">{text('headings.programs')}</h2>
            <p>{text.rich('programs.intro', { devices })}</p>
            <ProgramSteps settings={settings} address={address} />
            <h2 id="questions">{text('headings.questions')}</h2>
            {questions.map((question) => (
              <p key={question}>{text.rich(`questions.${question}`, facts)}</p>
            ))}
          </main>
          <aside>
            <MySettings
              settings={settings}
              address={address}
              login={address === null ? null : (session?.address ?? null)}
              footer={
                // who is signed in without a mailbox has none of their own to see
                session && !address ? null : (
                  <p className="foot">
                    <Link className={buttonClass()} href={address ? '/account' : '/sign-in?next=/help'}>
                      {text(address ? 'settings.toAccount' : 'settings.signIn')}
                    </Link>
                  </p>
                )
              }
            />
          </aside>
        </div>
      </ClientMessages>
    </>
  );
}
