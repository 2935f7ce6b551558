-- Which press of "Send" a letter was given with, which ones it took the place of, and since when it is not known whether the mail server has it.
alter table outgoing_letter
  add column press text not null default '',
  add column presses_before text[] not null default '{}',
  add column taken_at timestamptz(3) not null default now(),
  drop constraint outgoing_letter_state,
  add constraint outgoing_letter_state check (state in ('submitting', 'held', 'sent', 'withdrawn', 'failed'));
