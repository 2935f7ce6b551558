import type { Editor } from '@tiptap/react';

const asData = /^data:(image\/(?:png|jpeg|gif|webp));base64,([a-z0-9+/=\s]+)$/i;
const underWay = new Set<string>();

/**
 * Pictures that were pasted as data become files of the letter: many programs do not show data in a letter, and the text would grow by
 * megabytes with every save.
 */
export function adoptPictures(editor: Editor, keep: (file: File, placed: (contentId: string) => void) => void): void {
  editor.state.doc.descendants((node) => {
    const source = node.type.name === 'image' ? String(node.attrs['src'] ?? '') : '';
    const [, type = '', base64 = ''] = (source.startsWith('data:') && asData.exec(source)) || [];
    if (!type || underWay.has(source)) return;
    underWay.add(source);
    const bytes = Uint8Array.from(atob(base64.replace(/\s+/g, '')), (sign) => sign.charCodeAt(0));
    keep(new File([bytes], `bild.${type.slice(6)}`, { type }), (contentId) => {
      underWay.delete(source);
      if (!editor.isDestroyed) putInPlace(editor, source, `cid:${contentId}`);
    });
  });
}

function putInPlace(editor: Editor, source: string, address: string): void {
  const { tr } = editor.state;
  editor.state.doc.descendants((node, at) => {
    if (node.type.name === 'image' && node.attrs['src'] === source) tr.setNodeMarkup(at, undefined, { ...node.attrs, src: address });
  });
  // Taking back leads to the text, not to the data.
  editor.view.dispatch(tr.setMeta('addToHistory', false));
}
