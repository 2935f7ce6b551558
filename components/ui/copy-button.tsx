'use client';

import { Check, Copy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { Icon } from './icon.tsx';

/** Copies `value`; the icon turns to a check for 1.5 s and a live region says so. `what` names the value for those who do not see it. */
export function CopyButton({ value, what, label }: { value: string; what: string; label?: string }) {
  const text = useTranslations('common');
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    await copyText(value);
    setCopied(true);
  };
  const name = text('copyWhat', { what });
  return (
    <>
      <button type="button" className={label ? 'btn s' : 'ib s'} aria-label={name} title={name} onClick={copy}>
        <Icon of={copied ? Check : Copy} size={16} />
        {label}
      </button>
      <span className="vh" role="status">
        {copied ? text('copied') : ''}
      </span>
    </>
  );
}

// navigator.clipboard exists only over HTTPS and on localhost; an installation may be tried over plain HTTP in a local network.
async function copyText(value: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(value);
  } catch {
    const area = document.createElement('textarea');
    area.value = value;
    area.className = 'vh';
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}
