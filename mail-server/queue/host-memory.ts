const rememberMs = 1_800_000;
const most = 10_000;

/** What this process learned lately about the addresses of other mail hosts. */
export class HostMemory {
  #withoutTls = new Map<string, number>();
  #withoutPipelining = new Map<string, number>();
  #away = new Map<string, number>();

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

function note(map: Map<string, number>, address: string): void {
  map.delete(address);
  map.set(address, performance.now() + rememberMs);
  for (const oldest of map.keys()) {
    if (map.size <= most) break;
    map.delete(oldest);
  }
}

const isRecent = (map: ReadonlyMap<string, number>, address: string): boolean => (map.get(address) ?? 0) > performance.now();
