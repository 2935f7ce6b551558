import type { FolderInfo } from '../../store/types.ts';

/** Name attributes of RFC 9051 section 7.3.1 and RFC 6154. */
export function folderAttributes(folder: FolderInfo, hasChildren: boolean): string {
  return `${hasChildren ? '\\HasChildren' : '\\HasNoChildren'}${folder.specialUse ? ` ${folder.specialUse}` : ''}`;
}
