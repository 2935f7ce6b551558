import { BoundedMap } from '../../lib/workers/bounded-map.ts';

const rememberMs = 1_800_000;
const most = 10_000;

/** What this process learned lately about the addresses of other mail hosts. */
export class HostMemory {
  readonly #withoutTls = new BoundedMap<string, number>(most);
  readonly #withoutPipelining = new BoundedMap<string, number>(most);
  readonly #away = new BoundedMap<string, number>(most);

  /** Its STARTTLS broke, so it is not asked for it for a while. */
  noteBrokenTls(address: string): void {
    note(this.#withoutTls, address);
  }

  forgetBrokenTls(address: string): void {
    this.#withoutTls.delete(address);
  }

  hasBrokenTls(address: string): boolean {
    return isRecent(this.#withoutTls, address);
  }

  /** It ended or fell silent over commands that came together, as some firewalls do with hosts that offer PIPELINING. */
  noteBrokenPipelining(address: string): void {
    note(this.#withoutPipelining, address);
  }

  hasBrokenPipelining(address: string): boolean {
    return isRecent(this.#withoutPipelining, address);
  }

  noteAway(address: string): void {
    note(this.#away, address);
  }

  noteThere(address: string): void {
    this.#away.delete(address);
  }

  /** The hosts in their order, those that did not answer lately behind the others: of many dead ones each attempt gets past some. */
  inOrder<Host extends { address: string }>(hosts: readonly Host[]): Host[] {
    const isAway = ({ address }: Host): boolean => isRecent(this.#away, address);
    return [...hosts.filter((host) => !isAway(host)), ...hosts.filter(isAway)];
  }
}

const note = (map: Map<string, number>, address: string): unknown => map.set(address, performance.now() + rememberMs);
const isRecent = (map: ReadonlyMap<string, number>, address: string): boolean => (map.get(address) ?? 0) > performance.now();
