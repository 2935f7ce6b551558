-- What people answered to invitations, and what was changed in the panel, is kept for some years and not for ever.
alter table invitation add column noted_at timestamptz(3) not null default now();
create index invitation_noted_at_idx on invitation (noted_at);
create index audit_event_at_idx on audit_event (at);
