import { useTranslations } from 'next-intl';
import { ButtonLink } from './button.tsx';

/** From page to page of a list that does not fit on one; nothing where it does. */
export function Pager({ page, pages, href }: { page: number; pages: number; href: (page: number) => string }) {
  const text = useTranslations('panel.pager');
  if (pages <= 1) return null;
  return (
    <nav className="mt-4 flex items-center gap-3" aria-label={text('label')}>
      {page > 1 ? <ButtonLink href={href(page - 1)}>{text('before')}</ButtonLink> : null}
      <span className="hint">{text('page', { page, pages })}</span>
      {page < pages ? <ButtonLink href={href(page + 1)}>{text('after')}</ButtonLink> : null}
    </nav>
  );
}
