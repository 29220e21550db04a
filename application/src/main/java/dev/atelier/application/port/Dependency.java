package dev.atelier.application.port;

/** Something without which the service cannot do its work, as its readiness check sees it. */
public interface Dependency {
  /** What the operator calls it: {@code database}, {@code storage}. */
  String name();

  /**
   * Asks it for a sign of life; quick and without effect.
   *
   * @throws UnavailableException when it gives none
   */
  void check();
}
