-- "Until somebody releases it" was written as a day without a zone, so where the database has another one than UTC it was another moment than
-- reschedule_held compares with, and a letter that somebody had stopped went when its sender gave it another time.
UPDATE queue_recipient SET next_attempt_at = '9999-01-01 00:00:00+00'
  WHERE state = 'queued' AND next_attempt_at > '9998-12-30 00:00:00+00' AND next_attempt_at < '9999-01-03 00:00:00+00';
