/** Pictures of the letter are loaded from the store; those elsewhere are not loaded at all while it is written. */
export function showPicture(image: HTMLImageElement, source: string, pictureOf: (contentId: string) => string | null): void {
  const address = source.startsWith('cid:') ? pictureOf(source.slice(4)) : source.startsWith('data:image/') ? source : null;
  if (address) {
    image.src = address;
    return;
  }
  image.removeAttribute('src');
  image.classList.add('remote');
}
