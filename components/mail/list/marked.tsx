/** Text with the searched words marked. Text nodes only. */
export function Marked({ text, words }: { text: string; words: readonly string[] }) {
  const wanted = words.map((word) => word.trim().toLowerCase()).filter((word) => word.length > 1);
  if (wanted.length === 0) return text;
  const pattern = new RegExp(`(${wanted.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`, 'gi');
  return text.split(pattern).map((piece, at) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other identity and never move
    at % 2 === 1 ? <mark key={at}>{piece}</mark> : piece,
  );
}
