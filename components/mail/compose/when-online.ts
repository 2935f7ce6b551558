const onlineAgainMs = 5000;

/** At the next sign of a connection, or a while later: not every way back is told. */
export function whenOnline(act: () => void): void {
  let done = false;
  const once = () => {
    if (done) return;
    done = true;
    window.removeEventListener('online', once);
    clearTimeout(timer);
    act();
  };
  const timer = setTimeout(once, onlineAgainMs);
  window.addEventListener('online', once);
}
