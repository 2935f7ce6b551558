-- SCRAM-SHA-256 with app passwords: one salt a mailbox, the keys with each app password. Those made before have none and go on by PLAIN.
alter table mailbox add column scram_salt bytea not null default sha256(gen_random_uuid()::text::bytea);
alter table app_password add column scram_keys bytea;
alter table app_password add constraint app_password_scram_keys check (octet_length(scram_keys) = 128);
