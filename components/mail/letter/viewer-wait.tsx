import { useTranslations } from 'next-intl';

/** On a slow way a large file takes its time. */
export function ViewerWait() {
  const text = useTranslations('mail.read.viewer');
  return (
    <p className="viewer-wait" role="status">
      {text('loading')}
    </p>
  );
}
