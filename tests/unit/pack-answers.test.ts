import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { packAnswers } from '#lib/http/pack-answers.ts';

it('the type of an answer is one word for those who look at it, and every other field what it was', async () => {
  packAnswers();
  const seen: unknown[] = [];
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', ['text/plain']);
    response.setHeader('set-cookie', ['a=1']);
    response.setHeader('vary', ['rsc', 'accept']);
    seen.push(response.getHeader('content-type'), response.getHeader('set-cookie'), response.getHeader('vary'));
    response.end('x');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(answer.headers.get('content-type')).toBe('text/plain');
    expect(seen).toEqual(['text/plain', ['a=1'], ['rsc', 'accept']]);
  } finally {
    server.close();
  }
});
