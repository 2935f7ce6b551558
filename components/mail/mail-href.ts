import { decodeLoosely } from '#lib/addresses/parse-url.ts';

/**
 * What the address bar says: which folder, which message is open, what is searched. The page never reloads between them. What somebody
 * searches for stands behind the "#": browsers keep that part to themselves, so no server and no proxy writes it down.
 */
export interface MailLocation {
  folder: string;
  uid: number | null;
  /** folder of the open message; differs from `folder` in search results */
  messageFolder: string;
  query: string | null;
  view: 'mail' | 'folders';
}

const base = '/mail';

/** `href`: path, query and fragment. */
export function parseLocation(href: string): MailLocation {
  const [beforeHash = '', ...fragment] = href.split('#');
  const [pathname = '', ...search] = beforeHash.split('?');
  const parameters = new URLSearchParams(search.join('?'));
  const path = pathname.slice(base.length).split('/').filter(Boolean).map(decodeLoosely).join('/');
  const folder = parameters.get('folder') ?? (path || 'INBOX');
  const uid = Number(parameters.get('m') ?? 0);
  return {
    folder,
    uid: Number.isSafeInteger(uid) && uid > 0 ? uid : null,
    messageFolder: parameters.get('in') ?? folder,
    query: new URLSearchParams(fragment.join('#')).get('q') ?? parameters.get('q'),
    view: parameters.get('view') === 'folders' ? 'folders' : 'mail',
  };
}

export function hrefOf(target: {
  folder: string;
  uid?: number | null;
  messageFolder?: string;
  query?: string | null;
  view?: 'folders';
}): string {
  const parameters = new URLSearchParams();
  const levels = target.folder.split('/');
  // other programs make folders that a path of the web cannot name
  const inPath = levels.every((level) => level !== '' && level !== '.' && level !== '..');
  if (!inPath) parameters.set('folder', target.folder);
  if (target.uid) parameters.set('m', String(target.uid));
  if (target.uid && target.messageFolder && target.messageFolder !== target.folder) parameters.set('in', target.messageFolder);
  if (target.view) parameters.set('view', target.view);
  const search = parameters.toString();
  const fragment = target.query === undefined || target.query === null ? '' : `#${new URLSearchParams({ q: target.query })}`;
  return `${inPath ? `${base}/${levels.map(encodeURIComponent).join('/')}` : base}${search ? `?${search}` : ''}${fragment}`;
}
