'use client';

import { Eye, EyeOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState, type ComponentProps } from 'react';
import { Field, type TextField } from './field.tsx';
import { Icon } from './icon.tsx';
import { IconButton } from './icon-button.tsx';

/** A field for a password, with a button that shows what was typed. The button is there once it works: not without JavaScript. */
export function PasswordField({ label, hint, error, className, mono: _, aside: __, ...input }: ComponentProps<typeof TextField>) {
  const text = useTranslations('common');
  const [shown, setShown] = useState(false);
  const [works, setWorks] = useState(false);
  useEffect(() => setWorks(true), []);
  return (
    <Field label={label} hint={hint} error={error} {...(className ? { className } : {})}>
      {(control) => (
        <div className="inputbox">
          <input {...input} {...control} type={shown ? 'text' : 'password'} autoCapitalize="none" spellCheck={false} />
          {works ? (
            <IconButton small label={text(shown ? 'hidePassword' : 'showPassword')} onClick={() => setShown(!shown)}>
              <Icon of={shown ? EyeOff : Eye} size={17} />
            </IconButton>
          ) : null}
        </div>
      )}
    </Field>
  );
}
