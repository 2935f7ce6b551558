// `npm run dkim-zone`: what the operator publishes in the zone of POSTAMT_DKIM_ZONE, on standard output.
import { parseEnvironment } from '../config/config.ts';
import { openDatabase } from '../db/prisma.ts';
import { dkimZoneText, listZoneKeys } from './dkim-zone.ts';

const { DATABASE_URL: url, POSTAMT_DKIM_ZONE: zone } = parseEnvironment(process.env);
if (!url || !zone) {
  process.stderr.write(
    zone ? 'DATABASE_URL is not set.\n' : 'Set POSTAMT_DKIM_ZONE first, for example to dkim.postamt.example (docs/operations.md).\n',
  );
  process.exit(2);
}
const database = openDatabase(url, 1);
try {
  process.stdout.write(dkimZoneText(await listZoneKeys(database), zone));
} finally {
  await database.$disconnect();
}
