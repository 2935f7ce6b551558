/** The sign of the house: a letter going into a slot. */
export function BrandMark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 28 28" aria-hidden="true">
      <rect width="28" height="28" rx="5" fill="var(--post)" />
      <path d="M7.5 14V6.5h13V14" fill="#fff" stroke="#1c2334" strokeWidth="1.4" strokeLinejoin="round" />
      <path d="M7.5 7l6.5 4.6L20.5 7" fill="none" stroke="#1c2334" strokeWidth="1.4" strokeLinejoin="round" />
      <rect x="4" y="14" width="20" height="4.2" rx="1" fill="#1c2334" />
    </svg>
  );
}
