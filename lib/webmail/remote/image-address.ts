import { deriveKey } from '../../auth/derive-key.ts';
import { installation } from '../../config/installation.ts';
import { openSealedImage, sealedImageAddress } from './seal-image-address.ts';

export const imageKey = (): Uint8Array => deriveKey(installation().secret, 'mail image v2');

/** Where the page loads a remote picture of a mail from: our own route, so that the sender learns neither the reader's address nor their browser. */
export const imageAddress = (url: string): string | null => sealedImageAddress(url, imageKey());

export const openImage = (sealed: string): string | null => openSealedImage(sealed, imageKey());
