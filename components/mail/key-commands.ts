import type { ConversationRow } from '#lib/webmail/reading/conversation-list.ts';
import type { MailActions } from './mail-context.ts';
import type { MailKey } from './use-mail-keys.ts';
import type { Selection } from './list/use-selection.ts';
import { focusLetter, focusList } from './list/use-walk.ts';

interface Keyed {
  openRow: ConversationRow | null;
  selection: Selection;
  actions: MailActions;
  focusSearch: () => void;
  openSheet: () => void;
}

/** What each key does: with the conversations that are ticked, else with the open one. */
export function keyCommands({ openRow, selection, actions, focusSearch, openSheet }: Keyed): Record<MailKey, () => void> {
  const ticked = selection.rows.length > 0;
  const chosen = ticked ? selection.rows : openRow ? [openRow] : [];
  const respond = (kind: 'reply' | 'reply-all' | 'forward') => () => openRow && actions.respond(kind, openRow);
  const withChosen = (act: (rows: readonly ConversationRow[]) => void) => () => chosen.length > 0 && act(chosen);
  const back = (): void => {
    const inList = document.querySelector('.row.here a.go') === document.activeElement;
    if (ticked) selection.clear();
    else if (inList || !openRow) actions.close();
    else focusList();
  };
  return {
    next: () => actions.step(1),
    previous: () => actions.step(-1),
    open: focusLetter,
    back,
    compose: () => actions.compose({ from: 'nothing' }),
    reply: respond('reply'),
    'reply-all': respond('reply-all'),
    forward: respond('forward'),
    archive: withChosen(actions.archive),
    delete: withChosen(actions.remove),
    flag: withChosen((rows) => actions.flag(rows, !rows.every((row) => row.flagged))),
    unread: withChosen((rows) =>
      actions.markRead(
        rows,
        rows.some((row) => row.unread),
      ),
    ),
    select: () => openRow && selection.toggle(openRow, false),
    search: focusSearch,
    sheet: openSheet,
  };
}
