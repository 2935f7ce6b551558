import { describe, expect, it } from 'vitest';
import { Memories, type Memory } from '#lib/webmail/connection/memories.ts';

const folderOf = (messages: number) => ({ messages: new Map(Array.from({ length: messages }, (_, at) => [at, { uid: at }])) });
const memoryOf = (...folders: number[]): Memory => new Map(folders.map((messages, at) => [`index ${at}`, folderOf(messages)]));

describe('what a web process remembers of folders', () => {
  it('is forgotten beyond the limit, what was used longest ago first, and no more than must be', () => {
    const memories = new Memories(100);
    const [first, second, third] = [memoryOf(40), memoryOf(20, 20), memoryOf(30)];
    for (const memory of [first, second]) memories.used(memory);
    memories.used(first);
    memories.used(third);
    expect([first.size, [...second.keys()], third.size]).toEqual([1, ['index 1'], 1]);
    memories.used(memoryOf(70));
    expect([first.size, second.size, third.size]).toEqual([0, 0, 1]);
  });

  it('is that of one mailbox alone at the most, the folder that was read last', () => {
    const memories = new Memories(100);
    const memory = memoryOf(60, 50, 40);
    memories.used(memory);
    expect([...memory.keys()]).toEqual(['index 1', 'index 2']);
    memory.set('index 1', folderOf(90));
    memories.used(memory);
    expect([...memory.keys()]).toEqual(['index 2']);
  });

  it('counts what searches and structures left too, and nothing of a connection that is gone', () => {
    const memories = new Memories(100);
    const gone = memoryOf(90);
    memories.used(gone);
    memories.forget(gone);
    const memory: Memory = new Map<string, unknown>([
      ['search', { key: 'a', uids: Array.from({ length: 50 }, (_, at) => at) }],
      ['files', new Map(Array.from({ length: 50 }, (_, at) => [at, true]))],
    ]);
    memories.used(memory);
    expect([gone.size, memory.size]).toEqual([1, 2]);
    memory.set('index', folderOf(1));
    memories.used(memory);
    expect([...memory.keys()]).toEqual(['files', 'index']);
  });
});
