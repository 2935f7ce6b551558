import type { Services } from '../services.ts';

/** How long it is remembered who has a letter that moderators let go: as long as a copy of it may wait for those of another group. */
export const releasedIsRememberedS = ({ withheld }: Pick<Services['settings'], 'withheld'>): number =>
  (withheld.moderationDays + 1) * 86_400;
