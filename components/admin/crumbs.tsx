import Link from 'next/link';

/** The way back: the list, then what this page is about. */
export function Crumbs({ href, label, here, mono = true }: { href: string; label: string; here: string; mono?: boolean }) {
  return (
    <div className="crumb">
      <Link className="link" href={href}>
        {label}
      </Link>
      <span aria-hidden="true">/</span>
      <span className={mono ? 'mono' : ''}>{here}</span>
    </div>
  );
}
