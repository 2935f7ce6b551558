import { expiredNotice, quarantineSummary } from '../delivery/groups/moderation-notices.ts';
import type { WithheldSettings } from '../settings.ts';
import type { Query } from '../store/postgres/database.ts';
import { automaticMessage } from '../store/queue/automatic-message.ts';
import { enqueue } from '../store/queue/queue-store.ts';
import type { CustomerId } from '../../lib/db/ids.ts';
import { expireWithheld, readModerators, takeQuarantineSummary } from '../store/withheld-letters.ts';

interface House {
  hostName: string;
  webUrl: string;
  withheld: WithheldSettings;
}

/** Deletes letters that waited too long, and tells the moderators which. One transaction. True: there may be more. */
export async function expireWithheldLetters(query: Query, { hostName, withheld }: House): Promise<boolean> {
  const { more, groups } = await expireWithheld(query);
  for (const { group, customerId, ...about } of groups) {
    for (const { address, locale } of await readModerators(query, group, customerId)) {
      const content = expiredNotice({ ...about, hostName, to: address, locale, days: withheld.moderationDays });
      await tell(query, customerId, locale, address, content);
    }
  }
  return more;
}

/** Tells the people of one customer what is new in its quarantine, once a day at most. The mark and the letters are one transaction. */
export async function summariseQuarantine(query: Query, { hostName, webUrl, withheld }: House): Promise<boolean> {
  const summary = await takeQuarantineSummary(query, withheld.bytes);
  if (!summary) return false;
  const { customerId, people, ...about } = summary;
  for (const { address, locale } of people) {
    const content = quarantineSummary({ ...about, hostName, webUrl, to: address, locale, days: withheld.quarantineDays });
    await tell(query, customerId, locale, address, content);
  }
  return true;
}

async function tell(query: Query, customerId: CustomerId, locale: string, address: string, content: Buffer): Promise<void> {
  const letter = automaticMessage(address, { customerId, locale, content });
  if (letter) await enqueue(query, letter);
}
