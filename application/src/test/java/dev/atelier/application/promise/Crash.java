package dev.atelier.application.promise;

/** A simulated crash of the process. An {@link Error}, because the service catches exceptions. */
final class Crash extends Error {
  private static final long serialVersionUID = 1L;

  Crash() {
    super("simulated crash", null, false, false);
  }
}
