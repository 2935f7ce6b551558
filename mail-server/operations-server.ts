import { createServer, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Metrics } from './metrics.ts';
import type { Database } from './store/postgres/database.ts';
import { measureQueue } from './store/queue/queue-operations.ts';

const ping = { name: 'health_ping', text: `select current_setting('transaction_read_only')` };
const databaseAnswersWithinMs = 1000;

export interface OperationsServer {
  port: number;
  close(): void;
}

/** True if the database answers within a second, and may be written to. */
const databaseAnswers = (database: Database): Promise<boolean> =>
  inTime(
    database.read(ping).then((rows) => rows[0]?.[0] === 'off'),
    false,
  );

/** What was asked of the database, or `otherwise` if it does not answer within a second. */
function inTime<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), databaseAnswersWithinMs);
  });
  return Promise.race([asked.catch(() => otherwise), late]).finally(() => clearTimeout(timer));
}

/** GET /healthz (200 or 503) and GET /metrics (Prometheus text), on loopback only. `port` 0: any free one. */
export async function startOperationsServer(
  port: number,
  { database, metrics, log }: { database: Database; metrics: Metrics; log: Logger },
): Promise<OperationsServer> {
  const answer = async (method: string, path: string, response: ServerResponse): Promise<void> => {
    if (method !== 'GET' && method !== 'HEAD') return send(response, 405, 'text/plain', 'method not allowed\n');
    if (path === '/healthz') {
      const well = await databaseAnswers(database);
      return send(
        response,
        well ? 200 : 503,
        'application/json',
        `${JSON.stringify({ status: well ? 'ok' : 'database does not answer' })}\n`,
      );
    }
    if (path === '/metrics') {
      metrics.measureQueue(await inTime(measureQueue(database), null));
      return send(response, 200, metrics.registry.contentType, await metrics.registry.metrics());
    }
    return send(response, 404, 'text/plain', 'not found\n');
  };
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    answer(request.method ?? '', request.url?.split('?')[0] ?? '', response).catch((error: unknown) => {
      log.error({ err: error }, 'operations request failed');
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1' }, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
