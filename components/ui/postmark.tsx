import { useId } from 'react';

interface Props {
  /** Upper rim, such as "POSTAMT · MUSTER.AT". */
  place: string;
  /** Lower rim, such as "BESTÄTIGT". */
  what: string;
  date: string;
  time: string;
}

/** of the whole picture: the mark, and the wavy lines that run over the paper */
const [width, height] = [230, 132];
const shownHeight = 120;

/** The postmark: attests what the server itself has checked, with date and time. Never a decoration. */
export function Postmark({ place, what, date, time }: Props) {
  const id = useId();
  const upper = `${id}-upper`;
  const lower = `${id}-lower`;
  return (
    <svg
      className="postmark"
      width={(shownHeight * width) / height}
      height={shownHeight}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`${place}, ${what}, ${date}, ${time}`}
    >
      <g transform="rotate(-9 66 66)" fill="none" stroke="currentColor">
        <circle cx="66" cy="66" r="61" strokeWidth="2.4" />
        <circle cx="66" cy="66" r="41.5" strokeWidth="1.4" />
        <path d="M25.5 55.5h81M25.5 76.5h81" strokeWidth="1.4" />
        {[38, 52, 66, 80, 94].map((y) => (
          <path key={y} d={`M132 ${y}q8-7 16 0t16 0 16 0 16 0 16 0`} strokeWidth="1.8" opacity=".75" />
        ))}
        <path id={upper} d="M19 66a47 47 0 0 1 94 0" stroke="none" />
        <path id={lower} d="M13.5 66a52.5 52.5 0 0 0 105 0" stroke="none" />
      </g>
      <g transform="rotate(-9 66 66)">
        <text fontSize={place.length > 24 ? 8.5 : 11}>
          <textPath href={`#${upper}`} startOffset="50%" textAnchor="middle">
            {place}
          </textPath>
        </text>
        <text fontSize="9.5">
          <textPath href={`#${lower}`} startOffset="50%" textAnchor="middle">
            {what}
          </textPath>
        </text>
        <text className="d" x="66" y="70.5" fontSize="13.5" textAnchor="middle">
          {date}
        </text>
        <text className="d" x="66" y="50" fontSize="11" textAnchor="middle">
          {time}
        </text>
        <path d="M58 88l6 6 11-12" fill="none" stroke="currentColor" strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round" />
      </g>
    </svg>
  );
}
