package dev.atelier.application.port;

/** A resource that the readiness check probes. */
public interface Dependency {
  /** The operator's name for it, such as {@code database} or {@code storage}. */
  String name();

  /**
   * Probes the resource. Quick and without side effects.
   *
   * @throws UnavailableException if the resource does not work
   */
  void check();
}
