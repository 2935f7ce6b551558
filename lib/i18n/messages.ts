import type { Language } from './locales.ts';
import deAuth from './messages/de/auth.json' with { type: 'json' };
import deCommon from './messages/de/common.json' with { type: 'json' };
import deHelp from './messages/de/help.json' with { type: 'json' };
import deMail from './messages/de/mail.json' with { type: 'json' };
import dePanel from './messages/de/panel.json' with { type: 'json' };
import deRules from './messages/de/rules.json' with { type: 'json' };
import enAuth from './messages/en/auth.json' with { type: 'json' };
import enCommon from './messages/en/common.json' with { type: 'json' };
import enHelp from './messages/en/help.json' with { type: 'json' };
import enMail from './messages/en/mail.json' with { type: 'json' };
import enPanel from './messages/en/panel.json' with { type: 'json' };
import enRules from './messages/en/rules.json' with { type: 'json' };

const german = { common: deCommon, auth: deAuth, panel: dePanel, help: deHelp, mail: deMail, rules: deRules };
export type Messages = typeof german;
export type Namespace = keyof Messages;

// "E-Mail" must not break after its hyphen. Done here once, so that nobody has to type an invisible character (U+2060).
const joinEmail = (value: unknown): unknown => {
  if (typeof value === 'string') return value.replaceAll(/\bE-(?=Mail)/g, 'E-\u2060');
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, joinEmail(inner)]));
};

const catalogues: Record<Language, Messages> = {
  de: joinEmail(german) as Messages,
  en: { common: enCommon, auth: enAuth, panel: enPanel, help: enHelp, mail: enMail, rules: enRules } as Messages,
};

/** All texts of one language, by namespace (file). */
export const messagesFor = (language: Language): Messages => catalogues[language];
