import pg from 'pg';
import { databaseName, quoteIdentifier, withDatabase } from '../../db/database-url.ts';

/**
 * What Postamt's processes sign in to the database as: a role that is no superuser, makes neither roles nor databases, reads no files of
 * the server, and owns its one database with what is in it, since it brings its own schema up to date and makes its partitions. Whoever
 * finds a way to write SQL stays in there.
 */
const attributes = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS';

/**
 * Makes the role and the database of `applicationUrl`, as the administrator of `administratorUrl`, or brings them to what they shall be:
 * an installation from before this had everything under the administrator. Costs some milliseconds where nothing is to do.
 */
export async function ensureApplicationRole(administratorUrl: string, applicationUrl: string): Promise<void> {
  const application = new URL(applicationUrl);
  const role = decodeURIComponent(application.username);
  const name = databaseName(applicationUrl);
  const owner = quoteIdentifier(role);
  await asAdministrator(withDatabase(administratorUrl, 'postgres'), async (client) => {
    if (!(await exists(client, 'select 1 from pg_roles where rolname = $1', role)))
      await client.query(`CREATE ROLE ${owner} ${attributes}`);
    await client.query(`ALTER ROLE ${owner} ${attributes} PASSWORD ${client.escapeLiteral(decodeURIComponent(application.password))}`);
    if (!(await exists(client, 'select 1 from pg_database where datname = $1', name)))
      await client.query(`CREATE DATABASE ${quoteIdentifier(name)} OWNER ${owner}`);
  });
  await asAdministrator(withDatabase(administratorUrl, name), async (client) => {
    const { rows } = await client.query<{ statement: string }>(notYetOwned, [role]);
    if (rows.length === 0) return;
    await client.query('BEGIN');
    for (const { statement } of rows) await client.query(statement);
    await client.query('COMMIT');
  });
}

/** REASSIGN OWNED would do, but refuses to take from the cluster's first role what the cluster itself needs. Sequences of columns follow their tables. */
const notYetOwned = `
  with app as (select oid from pg_roles where rolname = $1), place as (select oid from pg_namespace where nspname = 'public')
  select format('ALTER DATABASE %I OWNER TO %I', datname, $1::text) as statement from pg_database, app
    where datname = current_database() and datdba <> app.oid
  union all select format('ALTER SCHEMA public OWNER TO %I', $1::text) from pg_namespace n, app where n.nspname = 'public' and n.nspowner <> app.oid
  union all select format('ALTER %s %s OWNER TO %I', case c.relkind when 'S' then 'SEQUENCE' when 'v' then 'VIEW' else 'TABLE' end, c.oid::regclass, $1::text)
    from pg_class c, app, place
    where c.relnamespace = place.oid and c.relowner <> app.oid and c.relkind in ('r', 'p', 'v', 'S')
      and not (c.relkind = 'S' and exists (select 1 from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')))
  union all select format('ALTER ROUTINE %s OWNER TO %I', p.oid::regprocedure, $1::text) from pg_proc p, app, place
    where p.pronamespace = place.oid and p.proowner <> app.oid
      and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  union all select format('ALTER TYPE %s OWNER TO %I', t.oid::regtype, $1::text) from pg_type t, app, place
    where t.typnamespace = place.oid and t.typowner <> app.oid and t.typtype = 'e'`;

async function exists(client: pg.Client, text: string, name: string): Promise<boolean> {
  return ((await client.query(text, [name])).rowCount ?? 0) > 0;
}

async function asAdministrator(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
