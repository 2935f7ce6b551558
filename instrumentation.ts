/** Runs once when the web process starts, before the first request. */
export async function register(): Promise<void> {
  if (process.env['NEXT_RUNTIME'] !== 'nodejs') return;
  const { believeOnlyProxies } = await import('./lib/http/believe-only-proxies.ts');
  believeOnlyProxies();
  const { admitRequests } = await import('./lib/http/admit-requests.ts');
  const { webLimits } = await import('./lib/config/web-limits.ts');
  const { whoseCookie } = await import('./lib/auth/session/known-cookies.ts');
  const { cookieSettings } = await import('./lib/auth/session/cookie-settings.ts');
  const { parseAndValidateFlightRouterState } = await import('next/dist/server/app-render/parse-and-validate-flight-router-state');
  admitRequests(webLimits, (cookie) => whoseCookie(cookie, cookieSettings().name), parseAndValidateFlightRouterState);
  const { packAnswers } = await import('./lib/http/pack-answers.ts');
  packAnswers();
  const { keepAnswersPrivate } = await import('./lib/http/keep-answers-private.ts');
  keepAnswersPrivate();
  // while one develops, the page hears of changes through a web socket
  if (process.env.NODE_ENV === 'production') {
    const { takeOddRequests } = await import('./lib/http/take-odd-requests.ts');
    takeOddRequests();
    const { quietConsole } = await import('./lib/http/say-once.ts');
    quietConsole();
  }
  const { keepSettling } = await import('./lib/webmail/sending/settle-released.ts');
  keepSettling();
  const { removeUploadDirectory } = await import('./lib/webmail/files/upload-directory.ts');
  await removeUploadDirectory();
}
