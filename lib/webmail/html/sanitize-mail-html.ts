import { RebuiltHtml } from './rebuild-html.ts';
import { readHtml } from './read-html.ts';
import type { SanitizedHtml, SanitizeOptions } from './sanitized-html.ts';

/**
 * Rebuilds the HTML of a mail from an allow list of elements, attributes and CSS. What comes out is shown in a frame without script
 * and with its own Content-Security-Policy (docs/decisions/005-html-mail.md): three walls, each of which holds alone. Linear time.
 */
export function sanitizeMailHtml(source: string, options: SanitizeOptions): SanitizedHtml {
  const rebuilt = new RebuiltHtml(source, options);
  readHtml(source, rebuilt);
  return rebuilt.finish();
}
