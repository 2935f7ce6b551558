'use client';

import { useTranslations } from 'next-intl';
import { classes } from '../ui/classes.ts';

const known = ['$label1', '$label2', '$label3', '$label4', '$label5'] as const;

const asKnown = (label: string): (typeof known)[number] | undefined => known.find((one) => one === label);

/** Words that were given to a letter. In a row only the first ones have room; the others are said by a number and its title. */
export function Labels({ labels, most = labels.length }: { labels: readonly string[]; most?: number }) {
  const text = useTranslations('mail.labels');
  if (labels.length === 0) return null;
  const name = (label: string): string => {
    const one = asKnown(label);
    return one ? text(`known.${one.slice(1) as 'label1'}`) : label;
  };
  const rest = labels.slice(most);
  return (
    <>
      {labels.slice(0, most).map((label) => (
        <span key={label} className={classes('label-chip', asKnown(label)?.slice(1))}>
          <span className="vh">{text('is')}</span>
          <span className="cut">{name(label)}</span>
        </span>
      ))}
      {rest.length > 0 ? (
        <span className="label-chip" title={rest.map(name).join(', ')}>
          +{rest.length}
        </span>
      ) : null}
    </>
  );
}
