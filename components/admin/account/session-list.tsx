'use client';

import { Laptop } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useStep } from '../../ui/use-action.ts';
import { useMoment } from '../use-moment.ts';

export interface SessionView {
  id: number;
  browser: string;
  system: string;
  network: string | null;
  beganAt: number;
  lastUsedAt: number;
  current: boolean;
}

interface Props {
  sessions: readonly SessionView[];
  end: (id: number) => Promise<boolean>;
  endOthers: () => Promise<number>;
}

/** Where one is signed in to the web: program, place, last use. Each can be ended, or all others at once. */
export function SessionList({ sessions, end, endOthers }: Props) {
  const text = useTranslations('panel.sessions');
  const format = useFormatter();
  const moment = useMoment();
  const [busy, start] = useStep();
  const endOne = (id: number) =>
    start(async () => {
      await end(id);
      showToast({ text: text('ended', { count: 1 }) });
    });
  const endAll = () => start(async () => showToast({ text: text('ended', { count: await endOthers() }) }));
  const name = ({ browser, system }: SessionView): string =>
    browser && system ? text('program', { browser, system }) : browser || system || text('unknownProgram');
  return (
    <>
      <ul className="lines">
        {sessions.map((session) => (
          <li key={session.id}>
            <Icon of={Laptop} />
            <span className="grow">
              <b>{name(session)}</b>
              <span className="hint block">
                {session.current ? text('current') : text('lastUsed', { date: moment(session.lastUsedAt) })}
                {', '}
                {text('since', { date: format.dateTime(session.beganAt, { dateStyle: 'medium' }) })}
                {session.network ? (
                  <>
                    {', '}
                    {text('from')} <span className="mono">{session.network}</span>
                  </>
                ) : null}
              </span>
            </span>
            {session.current ? null : (
              <Button
                small
                kind="danger"
                busy={busy}
                aria-label={text('endLabel', { name: name(session) })}
                onClick={() => endOne(session.id)}
              >
                {text('end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {sessions.length > 1 ? (
        <div>
          <Button busy={busy} onClick={endAll}>
            {text('endOthers')}
          </Button>
        </div>
      ) : null}
    </>
  );
}
