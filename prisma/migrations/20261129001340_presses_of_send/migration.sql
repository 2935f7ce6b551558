-- Which press of "Send" a letter was given with, and since when it is not known whether the mail server has it.
alter table outgoing_letter
  add column press text not null default '',
  add column taken_at timestamptz(3) not null default now();
