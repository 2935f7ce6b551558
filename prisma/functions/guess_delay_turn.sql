-- A guess was wrong: in how many milliseconds it is time to say so, null if that is further away than p_patience_ms. Times in milliseconds.
CREATE OR REPLACE FUNCTION guess_delay_turn(
  p_key text, p_step_ms int, p_most_ms int, p_patience_ms int, p_forget_ms int, p_repeated boolean
) RETURNS int LANGUAGE plpgsql AS $$
DECLARE v_guesses guess_delay; v_now timestamptz; v_answer timestamptz; v_wait int;
BEGIN
  -- the row is this one's until the end, so guesses at the same time wait one after the other
  INSERT INTO guess_delay AS g (key) VALUES (p_key) ON CONFLICT (key) DO UPDATE SET key = g.key RETURNING * INTO v_guesses;
  v_now := clock_timestamp();
  IF v_guesses.last_answer_at < v_now - p_forget_ms * interval '1 millisecond' THEN v_guesses.wrong := 0; END IF;
  IF NOT p_repeated OR v_guesses.wrong = 0 THEN v_guesses.wrong := v_guesses.wrong + 1; END IF;
  v_answer := greatest(v_now, v_guesses.last_answer_at)
    + least(p_most_ms::bigint, p_step_ms::bigint * v_guesses.wrong) * interval '1 millisecond';
  v_wait := ceil(extract(epoch from v_answer - v_now) * 1000);
  UPDATE guess_delay SET wrong = least(v_guesses.wrong, 1000000),
    last_answer_at = CASE WHEN v_wait <= p_patience_ms THEN v_answer ELSE v_guesses.last_answer_at END WHERE key = p_key;
  RETURN CASE WHEN v_wait <= p_patience_ms THEN v_wait END;
END $$;
