import type { PDFDocumentLoadingTask } from 'pdfjs-dist';

/** Opens a PDF. The reader of PDF is loaded only now, from our own address; no script in the file ever runs. The caller destroys the task. */
export async function openPdf(address: string, password?: string): Promise<PDFDocumentLoadingTask> {
  const pdf = await import('pdfjs-dist');
  pdf.GlobalWorkerOptions.workerSrc = new URL('pdfjs-dist/build/pdf.worker.min.mjs', import.meta.url).toString();
  // whole, and not by ranges: each would be a connection of its own
  return pdf.getDocument({
    url: address,
    disableRange: true,
    disableAutoFetch: true,
    enableXfa: false,
    ...(password === undefined ? {} : { password }),
  });
}
