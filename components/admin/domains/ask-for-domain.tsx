'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { ErrorText } from '../../ui/field.tsx';
import { useStep } from '../../ui/use-action.ts';
import type { FormState } from '../../ui/form-state.ts';

/** Instead of the record: the owner of the domain above is asked, and told who asks. */
export function AskForDomain({ parent, ask }: { parent: string; ask: () => Promise<FormState> }) {
  const text = useTranslations('panel.newDomain');
  const [answer, setAnswer] = useState<FormState | null>(null);
  const [busy, start] = useStep();
  return (
    <div className="mt-4" role="status">
      {answer?.done ? (
        <p className="mid">{text('asked', { parent })}</p>
      ) : (
        <>
          <p className="mid">{text('askText', { parent })}</p>
          <p className="mt-2">
            <Button busy={busy} onClick={() => start(async () => setAnswer(await ask()))}>
              {text('ask', { parent })}
            </Button>
          </p>
        </>
      )}
      {answer?.error ? <ErrorText error={answer.error} /> : null}
    </div>
  );
}
