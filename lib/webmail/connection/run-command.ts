import type { ImapFlow, ImapResponse } from 'imapflow';

interface CommandRunner {
  exec(
    command: string,
    attributes: unknown[],
    options: { untagged: Record<string, (response: ImapResponse) => Promise<void>> },
  ): Promise<{ next(): void }>;
}

export const atom = (value: string) => ({ type: 'ATOM', value });

/** A command with items that imapflow has no words for. `exec` is imapflow's own way to send one; it is public but not in its types. */
export async function runCommand(
  client: ImapFlow,
  command: string,
  attributes: unknown[],
  untagged: Record<string, (response: ImapResponse) => Promise<void>>,
): Promise<void> {
  (await (client as unknown as CommandRunner).exec(command, attributes, { untagged })).next();
}
