'use client';

import { useCallback, useMemo } from 'react';
import { withoutDetail } from '#lib/addresses/without-detail.ts';
import type { MailWorld } from './mail-context.ts';

/** The same object for as long as nothing in it changes: whoever reads it is drawn anew only then. */
export function useMailWorld(given: Omit<MailWorld, 'isMe'>): MailWorld {
  const { address, name, identities, settings, folders, folderName, folderOfUse, folder, attachmentLimitBytes, firstRowHeight, actions } =
    given;
  const isMe = useCallback(
    (other: string) => {
      const whole = other.trim().toLowerCase();
      const plain = withoutDetail(whole);
      return identities.some((identity) => identity.address === plain || identity.address === whole);
    },
    [identities],
  );
  return useMemo(
    () => ({
      address,
      name,
      identities,
      settings,
      isMe,
      folders,
      folderName,
      folderOfUse,
      folder,
      attachmentLimitBytes,
      firstRowHeight,
      actions,
    }),
    [address, name, identities, settings, isMe, folders, folderName, folderOfUse, folder, attachmentLimitBytes, firstRowHeight, actions],
  );
}
