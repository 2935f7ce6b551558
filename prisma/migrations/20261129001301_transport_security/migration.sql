-- What other domains ask of whoever sends to them (MTA-STS, RFC 8461), kept as long as they say.
create table sts_policy (
  domain text primary key,
  policy_id text not null,
  mode text not null,
  mx text[] not null,
  fetched_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null
);
-- RFC 8689: goes on over verified TLS only, or not at all.
alter table queue_message add column require_tls boolean not null default false;
