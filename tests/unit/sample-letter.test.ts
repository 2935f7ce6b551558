import { expect, test } from 'vitest';
import { sampleTask } from '#lib/webmail/view/sample-letter.ts';
import type { LetterView } from '#lib/webmail/view/letter-view.ts';
import work from '#lib/webmail/view/view-worker.ts';

test('what workers practise on is a letter as they come: written, coloured and pictured, and nothing of it is left out', async () => {
  const view = (await work(sampleTask())) as LetterView;
  expect(view).toMatchObject({ cut: false, notes: [], blocks: [], attachments: [], blockedImages: 200 });
  expect(view.text).toContain('Größe 199\na über b,\nc\u00a0& d');
  expect(view.html).toContain('light-dark(#c8102e');
  expect(view.html).toContain('href="https://a.example/b/199?c=d&#38;e=f"');
  expect(view.html.match(/valign="top"/g)).toHaveLength(400);
});
