import type { WithheldView } from '#components/admin/withheld-list.tsx';
import { displayAddress } from '#lib/addresses/email-address.ts';
import type { ListedWithheld } from '#lib/provisioning/withheld/withheld-letters.ts';

export const withheldView = ({ createdAt, expiresAt, recipient, ...letter }: ListedWithheld): WithheldView => ({
  ...letter,
  recipient: displayAddress(recipient),
  createdAt: createdAt.getTime(),
  expiresAt: expiresAt.getTime(),
});
