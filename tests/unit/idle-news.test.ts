import { describe, expect, it } from 'vitest';
import { IdleNews } from '#mail-server/imap/idle-news.ts';
import { StoreError } from '#mail-server/store/store-error.ts';

describe('a client that idles', () => {
  it('is told with the next sweep what the store could not be asked for when the hint came', async () => {
    const store = { asked: 0, failures: 2 };
    const news = new IdleNews({
      continuation: { idle: true },
      view: { folderId: 1 },
      pace: async () => {},
      writer: { drained: async () => {}, untagged: () => {}, flush: () => {} },
      store: {
        cachedSnapshot: async () => {
          store.asked += 1;
          if (store.failures-- > 0) throw new StoreError('Unavailable');
          throw new StoreError('UnknownFolder');
        },
      },
      bye: () => {},
    } as never);
    const sweep = async () => {
      news.sweep(0);
      await news.telling;
    };
    news.hint();
    await news.telling;
    await sweep();
    await sweep();
    expect(store.asked).toBe(3);
    await sweep();
    expect(store.asked).toBe(3);
  });
});
