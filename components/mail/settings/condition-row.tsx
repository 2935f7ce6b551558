'use client';

import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { Condition } from '#lib/webmail/filters/filter.ts';
import { matches, textFields } from '#lib/webmail/filters/words.ts';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';

interface Props {
  condition: Condition;
  change: (condition: Condition) => void;
  remove: () => void;
}

const subjects = [...textFields, 'size', 'attachment'] as const;
type Subject = (typeof subjects)[number];
const subjectOf = (condition: Condition): Subject => (condition.kind === 'text' ? condition.field : condition.kind);

function withSubject(condition: Condition, subject: Subject): Condition {
  if (subject === 'size') return { kind: 'size', over: true, kilobytes: 1024 };
  if (subject === 'attachment') return { kind: 'attachment', not: false };
  const kept = condition.kind === 'text' ? condition : { match: 'contains' as const, not: false, values: [''] };
  return { kind: 'text', field: subject, header: '', match: kept.match, not: kept.not, values: kept.values };
}

/** "Absender" "enthält" "…". */
export function ConditionRow({ condition, change, remove }: Props) {
  const text = useTranslations('rules.filters');
  const subject = subjectOf(condition);
  return (
    <div className="rule-row">
      <select
        className="input"
        aria-label={text('subjectOf')}
        value={subject}
        onChange={({ target }) => change(withSubject(condition, subjects.find((one) => one === target.value) ?? 'subject'))}
      >
        {subjects.map((one) => (
          <option key={one} value={one}>
            {text(`field.${one}`)}
          </option>
        ))}
      </select>
      {condition.kind === 'text' ? <TextCondition condition={condition} change={change} /> : null}
      {condition.kind === 'size' ? (
        <>
          <select
            className="input"
            aria-label={text('comparison')}
            value={condition.over ? 'over' : 'under'}
            onChange={({ target }) => change({ ...condition, over: target.value === 'over' })}
          >
            <option value="over">{text('over')}</option>
            <option value="under">{text('under')}</option>
          </select>
          <input
            className="input"
            type="number"
            min={0}
            max={4_000_000}
            aria-label={text('kilobytes')}
            value={condition.kilobytes}
            onChange={({ target }) =>
              change({ ...condition, kilobytes: Math.min(4_000_000, Math.max(0, Math.trunc(Number(target.value)))) })
            }
          />
          <span className="hint">{text('kilobytes')}</span>
        </>
      ) : null}
      {condition.kind === 'attachment' ? (
        <select
          className="input"
          aria-label={text('comparison')}
          value={condition.not ? 'none' : 'some'}
          onChange={({ target }) => change({ ...condition, not: target.value === 'none' })}
        >
          <option value="some">{text('some')}</option>
          <option value="none">{text('noAttachment')}</option>
        </select>
      ) : null}
      <IconButton small label={text('removeCondition')} onClick={remove}>
        <Icon of={X} size={16} />
      </IconButton>
    </div>
  );
}

function TextCondition({ condition, change }: { condition: Extract<Condition, { kind: 'text' }>; change: (condition: Condition) => void }) {
  const text = useTranslations('rules.filters');
  return (
    <>
      {condition.field === 'header' ? (
        <input
          className="input mono"
          aria-label={text('headerName')}
          placeholder="X-Mailer"
          value={condition.header}
          maxLength={100}
          required
          onChange={({ target }) => change({ ...condition, header: target.value.replace(/[^!-9;-~]/g, '') })}
        />
      ) : null}
      <select
        className="input"
        aria-label={text('comparison')}
        value={`${condition.not ? 'not ' : ''}${condition.match}`}
        onChange={({ target }) =>
          change({
            ...condition,
            not: target.value.startsWith('not '),
            match: matches.find((one) => target.value.endsWith(one)) ?? 'contains',
          })
        }
      >
        {matches.flatMap((match) => [
          <option key={match} value={match}>
            {text(`match.${match}`)}
          </option>,
          <option key={`not ${match}`} value={`not ${match}`}>
            {text(`match.not.${match}`)}
          </option>,
        ])}
      </select>
      <textarea
        className="input signature-input rule-value"
        rows={Math.min(6, condition.values.length)}
        aria-label={text('value')}
        title={text('valueHint')}
        required
        value={condition.values.join('\n')}
        onChange={({ target }) => change({ ...condition, values: target.value.split('\n').slice(0, 200) })}
      />
    </>
  );
}
