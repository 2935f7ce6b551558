import { useId } from 'react';

interface Props {
  /** Upper rim, such as "POSTAMT · MUSTER.AT". */
  place: string;
  /** Lower rim, such as "BESTÄTIGT". */
  what: string;
  date: string;
  time: string;
  size?: number;
  /** With the wavy lines that run over the paper. */
  waves?: boolean;
}

/** The postmark: attests what the server itself has checked, with date and time. Never a decoration. */
export function Postmark({ place, what, date, time, size = 120, waves = false }: Props) {
  const id = useId();
  const upper = `${id}-upper`;
  const lower = `${id}-lower`;
  const width = waves ? 230 : 132;
  return (
    <svg
      className="postmark"
      width={(size * width) / 132}
      height={size}
      viewBox={`0 0 ${width} 132`}
      role="img"
      aria-label={`${place}, ${what}, ${date}, ${time}`}
    >
      <g transform="rotate(-9 66 66)" fill="none" stroke="currentColor">
        <circle cx="66" cy="66" r="61" strokeWidth="2.4" />
        <circle cx="66" cy="66" r="41.5" strokeWidth="1.4" />
        <path d="M25.5 55.5h81M25.5 76.5h81" strokeWidth="1.4" />
        {waves
          ? [38, 52, 66, 80, 94].map((y) => <path key={y} d={`M132 ${y}q8-7 16 0t16 0 16 0 16 0 16 0`} strokeWidth="1.8" opacity=".75" />)
          : null}
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

/** The 18 px form, for a line of text such as "Echtheit geprüft". */
export function Seal({ size = 18 }: { size?: number }) {
  return (
    <svg className="postmark" width={size} height={size} viewBox="0 0 18 18" fill="none" stroke="currentColor" aria-hidden="true">
      <circle cx="9" cy="9" r="8" strokeWidth="1.5" />
      <circle cx="9" cy="9" r="5.4" strokeWidth="1" />
      <path d="M6.6 9.2l1.7 1.7 3.2-3.7" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
