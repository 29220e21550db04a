-- The price when the generation was accepted, and what it costs; all NULL if unknown.
ALTER TABLE generations
  ADD COLUMN price          jsonb,
  ADD COLUMN cost           numeric,
  ADD COLUMN cost_currency  text,
  ADD COLUMN cost_estimated boolean,
  ADD CONSTRAINT generations_cost_complete CHECK (
    (cost IS NULL) = (cost_currency IS NULL) AND (cost IS NULL) = (cost_estimated IS NULL) AND cost >= 0
  );

-- What an owner has spent on a model on a UTC day, deleted generations included. The currency is empty for unknown costs.
CREATE TABLE daily_usage (
  owner       text    NOT NULL,
  day         date    NOT NULL,
  model       text    NOT NULL,
  currency    text    NOT NULL,
  generations bigint  NOT NULL,
  amount      numeric NOT NULL,

  PRIMARY KEY (owner, day, model, currency)
);

CREATE INDEX daily_usage_day ON daily_usage (day);

CREATE FUNCTION atelier_add_usage(charged generations, count bigint, difference numeric)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO daily_usage (owner, day, model, currency, generations, amount)
  VALUES (
    charged.owner, (charged.created_at AT TIME ZONE 'UTC')::date, charged.model,
    coalesce(charged.cost_currency, ''), count, difference
  )
  ON CONFLICT (owner, day, model, currency) DO UPDATE SET
    generations = daily_usage.generations + EXCLUDED.generations,
    amount = daily_usage.amount + EXCLUDED.amount;
END
$$;

-- A trigger, so that the previous version of the service records its generations too.
CREATE FUNCTION atelier_record_usage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM atelier_add_usage(NEW, 1, coalesce(NEW.cost, 0));
  ELSIF NEW.cost_currency IS NOT DISTINCT FROM OLD.cost_currency THEN
    PERFORM atelier_add_usage(NEW, 0, NEW.cost - OLD.cost);
  ELSE
    PERFORM atelier_add_usage(OLD, -1, -coalesce(OLD.cost, 0));
    PERFORM atelier_add_usage(NEW, 1, coalesce(NEW.cost, 0));
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER generations_record_usage AFTER INSERT ON generations
  FOR EACH ROW EXECUTE FUNCTION atelier_record_usage();

CREATE TRIGGER generations_record_cost AFTER UPDATE OF cost ON generations
  FOR EACH ROW WHEN (NEW.cost IS DISTINCT FROM OLD.cost)
  EXECUTE FUNCTION atelier_record_usage();
