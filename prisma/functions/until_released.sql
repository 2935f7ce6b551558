-- The time of the next attempt of what somebody stopped: an operator, or the guard of a mailbox. The same moment whatever zone a session has.
CREATE OR REPLACE FUNCTION until_released() returns timestamptz language sql immutable parallel safe as $$
  select timestamptz '9999-01-01 00:00:00+00'
$$;
