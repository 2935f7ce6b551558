/** Runs once when the web process starts, before the first request. */
export async function register(): Promise<void> {
  if (process.env['NEXT_RUNTIME'] !== 'nodejs') return;
  const { believeOnlyProxies } = await import('./lib/auth/session/believe-only-proxies.ts');
  believeOnlyProxies();
  const { packAnswers } = await import('./lib/web-process/pack-answers.ts');
  packAnswers();
  // while one develops, the page hears of changes through a web socket
  if (process.env.NODE_ENV === 'production') {
    const { takeOddRequests } = await import('./lib/web-process/take-odd-requests.ts');
    takeOddRequests();
  }
  const { keepSettling } = await import('./lib/webmail/settle-released.ts');
  keepSettling();
  const { removeUploadDirectory } = await import('./lib/webmail/upload-directory.ts');
  await removeUploadDirectory();
}
