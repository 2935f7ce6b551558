import { useTranslations } from 'next-intl';
import { CopyButton } from '../ui/copy-button.tsx';

interface Props {
  title: string;
  /** groups joined by "-"; null: nothing to show */
  secret: string | null;
  /** what the copy button copies, in words */
  what: string;
  note: string;
}

/** A password in clear, shown this once, with its copy button. */
export function SecretSlip({ title, secret, what, note }: Props) {
  const common = useTranslations('common');
  return (
    <div className="secret sheet">
      <p className="h">{title}</p>
      {secret === null ? null : (
        <div className="pw">
          <span className="grow">{secret}</span>
          <CopyButton value={secret} what={what} label={common('copy')} />
        </div>
      )}
      <p className="hint">{note}</p>
    </div>
  );
}
