import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#lib/launcher/project.ts';

interface Manifest {
  node: Record<string, { exportedName: string; workers: Record<string, unknown> }>;
}

/** Every server action of the build by name: its id, and a page that knows it. */
export function builtActions(): Map<string, { id: string; page: string }> {
  const { node } = JSON.parse(readFileSync(join(projectRoot, '.next/server/server-reference-manifest.json'), 'utf8')) as Manifest;
  return new Map(
    Object.entries(node).map(([id, { exportedName, workers }]) => {
      const page = (Object.keys(workers)[0] ?? '')
        .replace(/^app/, '')
        .replaceAll(/\/\([^)]*\)/g, '')
        .replace(/\/page$/, '')
        .replace('/[[...path]]', '')
        .replace('[id]', '1')
        .replace('[name]', 'muster.at');
      return [exportedName, { id, page }];
    }),
  );
}

/** Every page and route handler of the build: the file, and the path it answers. */
export const builtRoutes = (): Map<string, string> =>
  new Map(
    Object.entries(JSON.parse(readFileSync(join(projectRoot, '.next/app-path-routes-manifest.json'), 'utf8')) as Record<string, string>),
  );

export type Argument = string | number | boolean | null | Map<string, string>;
export const form = (fields: Record<string, string | number>): Map<string, string> =>
  new Map(Object.entries(fields).map(([name, value]) => [name, String(value)]));

/** A browser without a browser: cookies, and server actions by the names of the build. */
export class Caller {
  readonly #web: string;
  readonly #actions: ReadonlyMap<string, { id: string; page: string }>;
  readonly #cookies = new Map<string, string>();
  readonly #address = Array.from({ length: 4 }, () => 11 + Math.floor(Math.random() * 180)).join('.');

  constructor(web: string, actions: ReadonlyMap<string, { id: string; page: string }>) {
    this.#web = web;
    this.#actions = actions;
  }

  #cookieHeader(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async request(path: string, init: RequestInit & { headers?: Record<string, string> } = {}): Promise<{ status: number; text: string }> {
    const response = await fetch(this.#web + path, {
      redirect: 'manual',
      ...init,
      headers: {
        'x-forwarded-for': this.#address,
        'accept-language': 'en',
        origin: this.#web,
        cookie: this.#cookieHeader(),
        ...init.headers,
      },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      this.#cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    if (!response.headers.get('content-type')?.includes('event-stream')) return { status: response.status, text: await response.text() };
    await response.body?.cancel();
    return { status: response.status, text: '' };
  }

  /** Reads an answer that does not end, until it is told to stop; what a refused one says is of no interest. */
  async hold(path: string, signal: AbortSignal): Promise<void> {
    try {
      const response = await fetch(this.#web + path, { signal, headers: { cookie: this.#cookieHeader() } });
      for await (const chunk of response.body ?? []) void chunk;
    } catch {
      // told to stop
    }
  }

  /** Calls a server action as React does; a Map is FormData. */
  async act(name: string, ...given: readonly Argument[]): Promise<{ status: number; text: string }> {
    const action = this.#actions.get(name);
    if (!action) throw new Error(`${name} is no action of this build`);
    const body = new FormData();
    let forms = 0;
    const root = given.map((argument) => {
      if (!(argument instanceof Map)) return argument ?? '$undefined';
      forms += 1;
      for (const [field, value] of argument) body.append(`_${forms}_${field}`, value);
      return `$K${forms}`;
    });
    body.append('0', JSON.stringify(root));
    return this.request(action.page, { method: 'POST', headers: { 'next-action': action.id, accept: 'text/x-component' }, body });
  }

  async signIn(address: string, password: string): Promise<this> {
    await this.act('signInAction', null, form({ address, password, next: '/' }));
    return this;
  }
}
