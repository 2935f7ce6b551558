import type { AbsenceInput } from './set-absence.ts';

export type AbsencePhase = 'off' | 'planned' | 'on' | 'over';

/** Whether an absence note answers at this moment, and if not, why. */
export function absencePhase(absence: Pick<AbsenceInput, 'enabled' | 'startsAt' | 'endsAt'> | null): AbsencePhase {
  if (!absence?.enabled) return 'off';
  const now = Date.now();
  if ((absence.startsAt?.getTime() ?? now) > now) return 'planned';
  return (absence.endsAt?.getTime() ?? now) < now ? 'over' : 'on';
}
