// `npm run dkim-zone`: what the operator publishes in the zone of POSTAMT_DKIM_ZONE, on standard output. --missing: only what is not seen there.
import { parseEnvironment } from '../config/config.ts';
import { operate } from '../db/operate.ts';
import { dkimZoneText, listZoneKeys, missingFrom } from './dkim-zone.ts';
import { createLookup } from './lookup.ts';

const usage = `Usage: npm run --silent dkim-zone [-- --missing]
  Prints the TXT records of the DKIM keys as lines of a zone file. --missing: those that the DNS does not show yet.
`;

async function main(args: readonly string[]): Promise<number> {
  const { DATABASE_URL: url, POSTAMT_DKIM_ZONE: zone, POSTAMT_DNS: servers } = parseEnvironment(process.env);
  const [option, ...more] = args;
  if (more.length > 0 || (option !== undefined && option !== '--missing')) return fail(usage);
  if (!zone) return fail('POSTAMT_DKIM_ZONE is not set: it names the zone, for example dkim.postamt.example (docs/operations.md).\n');
  if (!url) return fail('DATABASE_URL is not set.\n');
  return operate(url, async (database) => {
    const keys = await listZoneKeys(database);
    const shown = option ? await missingFrom(createLookup(servers), keys, zone) : keys;
    process.stdout.write(dkimZoneText(shown, zone));
    return 0;
  });
}

function fail(sentence: string): number {
  process.stderr.write(sentence);
  return 2;
}

process.exitCode = await main(process.argv.slice(2));
