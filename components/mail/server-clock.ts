/** More than the whole seconds of a header and a slow network make. */
const noticeableMs = 90_000;
let aheadMs = 0;

/** What the time is at the server, as each answer says (RFC 9110 section 6.6.1). */
export function hearClock(response: Response): void {
  const ahead = Date.parse(response.headers.get('date') ?? '') - Date.now();
  if (!Number.isNaN(ahead)) aheadMs = Math.abs(ahead) < noticeableMs ? 0 : ahead;
}

/** How far the browser's clock is behind: "tomorrow at eight" of a clock that is a day behind has passed, and the letter would leave at once. */
export const clockBehindMs = (): number => aheadMs;
