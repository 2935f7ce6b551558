/**
 * The doctype that letters are made for (WHATWG HTML section 13.2.6.4.1, limited quirks): a picture alone in a cell is as high as itself, and no
 * line of text. What is shown has it, and what is sent on.
 */
export const letterDoctype =
  '<!doctype html public "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">';
