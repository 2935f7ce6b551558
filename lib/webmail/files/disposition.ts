import { normalForm } from '../../mime/normal-form.ts';

/** Content-Disposition of an answer (RFC 6266): an ASCII name for old programs, the real one beside it. In ASCII a sign may become a slash ("／"). */
export const disposition = (how: 'inline' | 'attachment', name: string): string => {
  const ascii = normalForm(name, 'NFKD').replace(/[^\x20-\x7e]|["\\/%]/g, '_');
  const real = encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${how}; filename="${ascii}"; filename*=UTF-8''${real}`;
};
