import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isInstalled, runProgram, temporaryDirectory } from './program.ts';
import { createTwoMailboxes, expectTheSame, oddLetters, sendLetters, stored } from './two-mailboxes.ts';

const script = String.raw`
require 'json'; require 'net/imap'
s = JSON.parse(File.read(ARGV[0]))
def check(what, is, wanted) = is == wanted || abort("#{what}: #{is.inspect} instead of #{wanted.inspect}")
i = Net::IMAP.new('localhost', port: s['imaps'], ssl: {ca_file: s['ca']}); i.authenticate('PLAIN', *s['receiver'])
i.select('INBOX')
i.uid_fetch(1..-1, ['ENVELOPE', 'BODYSTRUCTURE', 'FLAGS', 'INTERNALDATE', 'BODY.PEEK[]']).each do |m|
  check('parts', m.attr['BODYSTRUCTURE'].parts.size, 2)
  File.binwrite("got-#{m.attr['UID']}.eml", m.attr['BODY[]'])
end
check('unseen', i.uid_search(['UNSEEN']), [1, 2, 3, 4])
check('sorted', i.sort(['REVERSE', 'DATE'], ['ALL'], 'UTF-8'), [4, 3, 2, 1])
# the subjects differ by what stands in brackets alone, which is not counted (RFC 5256 section 2.1)
check('threads', i.thread('REFERENCES', ['ALL'], 'UTF-8').size, 1)
i.create('Ruby'); i.uid_copy(1, 'Ruby'); i.uid_move(2, 'Ruby'); i.append('Ruby', "Subject: x\r\n\r\nx\r\n", [:Seen], Time.at(1577866272))
check('status', i.status('Ruby', %w[MESSAGES UNSEEN]), {'MESSAGES' => 3, 'UNSEEN' => 2})
# its parser ends the connection at a quota root with more than one resource
check('quota', i.getquotaroot('INBOX').map(&:mailbox), ['INBOX', ''])
i.uid_store(1, '+FLAGS', [:Deleted]); check('expunged, with what UID MOVE took', i.expunge, [2, 1])
check('left', i.uid_search(['ALL']), [3, 4])
i.logout
`;

describe.skipIf(!isInstalled('ruby'))('ruby: net-imap', () => {
  test('reads, sorts, threads, copies, moves, appends, asks for the quota and deletes', async () => {
    await using home = await temporaryDirectory();
    const two = await createTwoMailboxes();
    const { running, receiver } = two;
    const letters = oddLetters(two);
    await sendLetters(two, letters);
    const before = await stored(two, receiver);
    const settings = { ca: running.ca, imaps: running.ports.imaps, receiver: [receiver.address, receiver.password] };
    await writeFile(join(home.path, 'settings.json'), JSON.stringify(settings));
    await writeFile(join(home.path, 'run.rb'), script);
    const finished = await runProgram('ruby', ['run.rb', 'settings.json'], { home: home.path });
    expect(finished.status, finished.output).toBe(0);
    const fetched = await Promise.all([1, 2, 3, 4].map((uid) => readFile(join(home.path, `got-${uid}.eml`))));
    expectTheSame(letters, fetched);
    expect(fetched).toEqual(before);
  });
});
