'use client';

import { useCallback, useRef } from 'react';

export interface News {
  /** folders in which something changed */
  folders: Set<string>;
  /** something came, or was added to a conversation */
  isNew: boolean;
}

/**
 * Collects what is heard while `look` is under way, and looks at it together afterwards: letters may come faster than the server answers, and
 * questions that pile up would stand before the one that somebody waits for.
 */
export function useNews(look: (news: News) => Promise<unknown>): (folder: string, isNew: boolean) => void {
  const latest = useRef(look);
  latest.current = look;
  const heard = useRef<News | null>(null);
  const isLooking = useRef(false);
  return useCallback((folder, isNew) => {
    heard.current ??= { folders: new Set(), isNew: false };
    heard.current.folders.add(folder);
    heard.current.isNew ||= isNew;
    const lookAtAll = async () => {
      isLooking.current = true;
      while (heard.current) {
        const news = heard.current;
        heard.current = null;
        try {
          await latest.current(news);
        } catch {
          // it is looked again with the next news
        }
      }
      isLooking.current = false;
    };
    if (!isLooking.current) void lookAtAll();
  }, []);
}
