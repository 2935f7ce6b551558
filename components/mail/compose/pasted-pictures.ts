/**
 * Word and LibreOffice name the pictures of what they copy as files of their own machine, which no page can read; their bytes stand in the
 * rich text beside it, in the same order. Answers how many are not there; in `html` there may be some that only Word can draw.
 */
export function takePictures(body: HTMLElement, richText: string, html: string): number {
  const all = [...body.querySelectorAll('img')];
  if (all.length === 0) return html.match(/<v:imagedata\s/gi)?.length ?? 0;
  const local = all.filter((image) => /^(file|blob):/i.test(image.getAttribute('src') ?? ''));
  if (local.length === 0) return 0;
  const found = picturesIn(richText);
  // Those of the web are there as well, or are not.
  const places = [all, local].find(({ length }) => length === found.length) ?? [];
  for (const [at, image] of places.entries()) if (local.includes(image)) image.src = found[at] ?? '';
  return places.length > 0 ? 0 : local.length;
}

/** Each picture as data; metafiles are what older programs would show in its place. */
const picturesIn = (richText: string): string[] =>
  richText
    .split('{\\pict')
    .slice(1)
    .flatMap((piece) => {
      const [, kind] = /\\(png|jpeg)blip/.exec(piece) ?? [];
      const [digits = ''] = /[\da-f\s]{100,}/i.exec(piece) ?? [];
      return kind ? [`data:image/${kind};base64,${base64Of(digits.replace(/\s/g, ''))}`] : [];
    });

function base64Of(digits: string): string {
  let bytes = '';
  for (let at = 0; at + 1 < digits.length; at += 2) bytes += String.fromCharCode(Number.parseInt(digits.slice(at, at + 2), 16));
  return btoa(bytes);
}
