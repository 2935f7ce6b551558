let isGivenUp = false;

/**
 * Has the browser ask whether to stay, whenever this page is left while `isWanted`: something would be lost that is not at the server yet.
 * Answers how to ask no more.
 */
export function askToStay(isWanted: () => boolean): () => void {
  const ask = (event: BeforeUnloadEvent): void => {
    if (!isGivenUp && isWanted()) event.preventDefault();
  };
  window.addEventListener('beforeunload', ask);
  return () => window.removeEventListener('beforeunload', ask);
}

/** From now on nobody is asked: who is asked may be another person than the one who left, and would see what is behind the question. */
export function giveUpAsking(): void {
  isGivenUp = true;
}
