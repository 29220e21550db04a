package dev.atelier.application.promise;

/** The process is gone: an {@link Error}, so that nothing in it goes on. */
final class Crash extends Error {
  private static final long serialVersionUID = 1L;

  Crash() {
    super("killed here", null, false, false);
  }
}
