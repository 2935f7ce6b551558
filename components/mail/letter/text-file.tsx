'use client';

import { useTranslations } from 'next-intl';
import useSWR from 'swr';
import { pageHeaders } from '../mail-api.ts';
import { ViewerWait } from './viewer-wait.tsx';

const mostBytes = 1_000_000;

/** The beginning of a text file; the rest is downloaded. */
export function TextFile({ address }: { address: string }) {
  const text = useTranslations('mail.read.viewer');
  const { data, error } = useSWR(['text-file', address], () => readBeginning(address), {
    revalidateOnFocus: false,
    revalidateIfStale: false,
    shouldRetryOnError: false,
  });
  if (error) return <p role="alert">{text('failed')}</p>;
  if (!data) return <ViewerWait />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <pre className="viewer-text" tabIndex={0}>
      {data.content}
      {data.cut ? `\n\n${text('cut')}` : ''}
    </pre>
  );
}

async function readBeginning(address: string): Promise<{ content: string; cut: boolean }> {
  const response = await fetch(address, { headers: pageHeaders() });
  if (!response.ok || !response.body) throw new Error(String(response.status));
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    bytes += value.length;
    if (bytes <= mostBytes) continue;
    await reader.cancel();
    break;
  }
  const whole = new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
  return { content: decode(whole.subarray(0, mostBytes)), cut: bytes > mostBytes };
}

/** What is not UTF-8 is most likely the Windows set of western Europe. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
