import type { ReactNode } from 'react';
import { CopyButton } from '../ui/copy-button.tsx';

export interface SlipLine {
  label: string;
  /** several lines stand one below the other */
  value: string | readonly string[];
  /** what lands in the clipboard; absent: no button */
  copy?: string | undefined;
  old?: boolean;
}

/** A record slip: dashed inner lines like a form; one copy button a value. */
export function Slip({ lines, footer, wide = false }: { lines: readonly SlipLine[]; footer?: ReactNode; wide?: boolean }) {
  return (
    <div className={wide ? 'slip names' : 'slip'}>
      <dl>
        {lines.map(({ label, value, copy, old }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines never move
          <div key={index}>
            <dt>{label}</dt>
            <dd className="v">
              <span className={old ? 'old' : ''}>
                {(typeof value === 'string' ? [value] : value).map((line) => (
                  <span key={line} className="block">
                    {line}
                  </span>
                ))}
              </span>
            </dd>
            <dd className="c">{copy === undefined ? null : <CopyButton value={copy} what={label} />}</dd>
          </div>
        ))}
      </dl>
      {footer}
    </div>
  );
}
