'use client';

import { useEffect, useState } from 'react';

/** Contents of an article; marks the section that is being read. */
export function Contents({ label, entries }: { label: string; entries: readonly { id: string; title: string }[] }) {
  const [here, setHere] = useState(entries[0]?.id);
  useEffect(() => {
    const seen = new IntersectionObserver(
      (changes) => {
        const entered = changes.find(({ isIntersecting }) => isIntersecting);
        if (entered) setHere(entered.target.id);
      },
      { rootMargin: '0px 0px -70% 0px' },
    );
    for (const { id } of entries) {
      const heading = document.getElementById(id);
      if (heading) seen.observe(heading);
    }
    return () => seen.disconnect();
  }, [entries]);
  return (
    <nav className="toc" aria-label={label}>
      {entries.map(({ id, title }) => (
        <a key={id} href={`#${id}`} className={id === here ? 'on' : ''} aria-current={id === here ? 'location' : undefined}>
          {title}
        </a>
      ))}
    </nav>
  );
}
