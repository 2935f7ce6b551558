import { totalmem } from 'node:os';

const MEBIBYTE = 1024 * 1024;
const between = (low: number, value: number, high: number): number => Math.round(Math.max(low, Math.min(value, high)));

/** Durable for service; careless for tests, whose data nobody keeps. */
export type Durability = 'durable' | 'careless';

/**
 * Command-line settings of the embedded server, sized by the machine's memory. Measured for the mail store; see docs/operations.md.
 * `sockets`: the directory of its socket, '' for none.
 */
export function serverSettings(port: number, durability: Durability, sockets: string): Record<string, string> {
  const memory = totalmem() / MEBIBYTE;
  const service = {
    shared_buffers: `${between(128, memory / 8, 1024)}MB`,
    effective_cache_size: `${between(512, memory / 2, 65_536)}MB`,
    work_mem: `${between(8, memory / 256, 32)}MB`,
    maintenance_work_mem: `${between(64, memory / 64, 512)}MB`,
    max_wal_size: '4GB',
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
  };
  const tests = { shared_buffers: '256MB', max_wal_size: '2GB', fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };
  return {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: sockets,
    unix_socket_permissions: '0700',
    max_connections: '300',
    password_encryption: 'scram-sha-256',
    checkpoint_timeout: '5min',
    random_page_cost: '1.1',
    // short statements of one account each: neither pays
    jit: 'off',
    max_parallel_workers_per_gather: '0',
    // this build knows neither lz4 nor zstd
    wal_compression: 'pglz',
    timezone: 'UTC',
    logging_collector: 'on',
    log_directory: 'log',
    log_filename: 'postgres-%a.log',
    log_rotation_age: '1d',
    log_truncate_on_rotation: 'on',
    log_file_mode: '0600',
    log_line_prefix: '%m [%p] ',
    log_checkpoints: 'off',
    ...(durability === 'durable' ? service : tests),
  };
}
