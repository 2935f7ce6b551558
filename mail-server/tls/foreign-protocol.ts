const verb = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|CONNECT|OPTIONS|TRACE|PRI) (?:\S* ?HTTP\/\d|[/*]|[a-z]+:\/\/|\S+:\d+(?: |$))/i;
/** Whatever the verb: WebDAV has dozens of its own. An IMAP folder may be called HTTP/1, so the target has to look like one. */
const requestLine = /^[a-z-]{1,32} (?:\/|\*|[a-z]+:\/\/)\S{0,2000} HTTP\/\d/i;
const field =
  /^(?:Host|User-Agent|Accept(?:-[A-Za-z]+)?|Content-[A-Za-z]+|Connection|Cookie|Origin|Referer|Cache-Control|Upgrade(?:-[A-Za-z-]+)?|Transfer-Encoding|Authorization|Sec-[A-Za-z-]+):/i;

/**
 * True for a line that a web browser says and no mail program. A page can make its visitor's browser talk to our ports from inside the
 * visitor's network, with commands of ours in what it posts, so whoever speaks HTTP gets no answer and no second line.
 */
export const isHttp = (line: string): boolean => verb.test(line) || requestLine.test(line) || field.test(line);

/** A TLS record where a command should begin: whoever sends one in clear text will never understand what is said there. */
export const isTlsHandshake = (line: Buffer): boolean => line[0] === 0x16;
