/** Where nothing takes a file that is dropped, the browser would open it in place of the page, and what is written there would be gone. */
export function refuseDroppedFiles(document: Document): () => void {
  const onDrag = (event: DragEvent): void => {
    if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'none';
  };
  document.addEventListener('dragover', onDrag);
  document.addEventListener('drop', onDrag);
  return () => {
    document.removeEventListener('dragover', onDrag);
    document.removeEventListener('drop', onDrag);
  };
}
