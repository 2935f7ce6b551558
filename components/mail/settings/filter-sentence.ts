'use client';

import { useLocale, useTranslations } from 'next-intl';
import type { Condition, Filter, FilterAction } from '#lib/webmail/filters/filter.ts';
import { useLabelName } from '../labels.tsx';

/** Conditions and actions as people say them; `folderName`: what people call a folder. */
export function useFilterSentence(folderName: (path: string) => string): (filter: Filter) => { when: string; what: string } {
  const text = useTranslations('rules.filters');
  const nameOf = useLabelName();
  const locale = useLocale();
  const or = new Intl.ListFormat(locale, { type: 'disjunction' });
  const and = new Intl.ListFormat(locale, { type: 'conjunction' });
  const say = (condition: Condition): string => {
    if (condition.kind === 'size') return text(condition.over ? 'say.over' : 'say.under', { size: condition.kilobytes });
    if (condition.kind === 'attachment') return text(condition.not ? 'say.noAttachment' : 'say.attachment');
    const { field, header, match, not, values } = condition;
    return text(not ? `say.not.${match}` : `say.${match}`, {
      field: field === 'header' ? header : text(`field.${field}`),
      values: or.format(values.map((value) => text('say.value', { value }))),
    });
  };
  const act = (action: FilterAction): string => {
    if (action.kind === 'move' || action.kind === 'copy') return text(`do.${action.kind}`, { folder: folderName(action.folder) });
    if (action.kind === 'label') return text('do.label', { label: nameOf(action.label) });
    if (action.kind === 'forward') return text(action.keep ? 'do.forward' : 'do.forwardOnly', { address: action.address });
    return text(`do.${action.kind}`);
  };
  return ({ join, conditions, actions }) => ({
    when:
      conditions.length === 0
        ? text('say.every')
        : text('say.when', { conditions: (join === 'any' ? or : and).format(conditions.map(say)) }),
    what: and.format(actions.map(act)),
  });
}
