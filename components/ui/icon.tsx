import type { LucideIcon } from 'lucide-react';

/** A Lucide drawing in the house's weight. Always decoration: what it means stands in text or in the control's name. */
export function Icon({ of: Drawing, size = 18, className }: { of: LucideIcon; size?: number; className?: string }) {
  return <Drawing size={size} strokeWidth={1.75} aria-hidden="true" className={className} />;
}
