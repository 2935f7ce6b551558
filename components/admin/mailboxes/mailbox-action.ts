export type MailboxAction = 'suspend' | 'resume' | 'delete' | 'restore';

/** What takes a step back. */
export const opposite: Record<MailboxAction, MailboxAction> = {
  suspend: 'resume',
  resume: 'suspend',
  delete: 'restore',
  restore: 'delete',
};

/** As it stands in the message files once it is done. */
export const past = { suspend: 'suspended', resume: 'resumed', delete: 'deleted', restore: 'restored' } as const;
