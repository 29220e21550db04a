-- Every instance that listens is told of each generation that moves or goes, when that is committed and not before.
CREATE OR REPLACE FUNCTION atelier_tell_of_generation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('atelier_generations', OLD.id::text);
  RETURN NULL;
END
$$;

-- A look at a generation changes no revision, and is of no interest to anybody.
CREATE TRIGGER generations_tell AFTER DELETE OR UPDATE OF revision ON generations
  FOR EACH ROW EXECUTE FUNCTION atelier_tell_of_generation();
