/** A quiet bar in the place of text that is on its way. Has the height of a line and does not move. */
export function Skeleton({ width = '60%' }: { width?: string }) {
  return <span className="sk" style={{ width }} aria-hidden="true" />;
}
