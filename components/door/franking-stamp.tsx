const across = [6, 16, 26, 36, 46, 56, 66, 76, 86];
const down = [9, 19, 29, 39, 49, 59, 69, 79, 89, 99];

/** The perforated stamp: appears once in the house, on this card. */
export function FrankingStamp() {
  return (
    <svg width="92" height="108" viewBox="0 0 92 108" aria-hidden="true">
      <mask id="perforation">
        <rect width="92" height="108" fill="#fff" />
        {across.flatMap((x) => [<circle key={`t${x}`} cx={x} cy="0" r="3.1" />, <circle key={`b${x}`} cx={x} cy="108" r="3.1" />])}
        {down.flatMap((y) => [<circle key={`l${y}`} cx="0" cy={y} r="3.1" />, <circle key={`r${y}`} cx="92" cy={y} r="3.1" />])}
      </mask>
      <g mask="url(#perforation)">
        <rect width="92" height="108" fill="#fffefb" />
        <rect x="8" y="8" width="76" height="92" fill="var(--post)" />
        <path d="M8 78l22-26 14 15 17-24 23 30v27H8z" fill="#1c2334" />
        <path d="M61 43l7.5 9.8-5 2.6-4 4-4.500-6z" fill="#fdfbf5" />
        <circle cx="27" cy="29" r="8" fill="#fdfbf5" />
        <text x="16" y="93" fontSize="9" fontWeight="640" fill="#fdfbf5" fontFamily="var(--sans)" letterSpacing=".06em">
          POSTAMT
        </text>
      </g>
    </svg>
  );
}
