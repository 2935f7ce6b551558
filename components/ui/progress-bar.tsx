interface Props {
  label: string;
  done: number;
  all: number;
}

/** How much of something is done. */
export function ProgressBar({ label, done, all }: Props) {
  return (
    <span className="bar" role="progressbar" aria-label={label} aria-valuenow={done} aria-valuemin={0} aria-valuemax={all}>
      <i style={{ width: `${all > 0 ? (done / all) * 100 : 0}%` }} />
    </span>
  );
}
