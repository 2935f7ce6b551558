-- What is told to other domains once a day: how their TLS worked (RFC 8460), and what came in their name (DMARC, RFC 9990).
create table report_count (
  day date not null,
  kind text not null,
  organization text not null,
  domain text not null,
  success boolean not null,
  key bytea not null,
  facts jsonb not null,
  count bigint not null,
  primary key (day, kind, organization, domain, success, key)
);
-- How far each report is: a worker takes one by moving next_at on.
create table report_sending (
  day date not null,
  kind text not null,
  organization text not null,
  domain text not null,
  attempts integer not null default 0,
  next_at timestamptz(3),
  done_at timestamptz(3),
  outcome text,
  primary key (day, kind, domain)
);
create index report_sending_next_at_idx on report_sending (next_at);
-- What this host signs its own letters with (DKIM).
create table host_key (
  host text primary key,
  selector text not null,
  private_key text not null,
  public_key text not null
);
-- Reports of others about the domains that are hosted here.
create table received_report (
  id bigserial primary key,
  domain_id bigint not null references domain (id) on delete cascade on update cascade,
  kind text not null,
  reporter text not null,
  report_id text not null,
  organization text not null,
  from_at timestamptz(3) not null,
  until_at timestamptz(3) not null,
  policy jsonb not null,
  received_at timestamptz(3) not null default current_timestamp
);
create unique index received_report_domain_id_kind_reporter_report_id_key on received_report (domain_id, kind, reporter, report_id);
create index received_report_domain_id_until_at_idx on received_report (domain_id, until_at);
create index received_report_received_at_idx on received_report (received_at);
create table received_report_row (
  received_report_id bigint not null references received_report (id) on delete cascade on update cascade,
  line integer not null,
  source text not null,
  count bigint not null,
  success boolean not null,
  result text not null,
  facts jsonb not null,
  primary key (received_report_id, line)
);
