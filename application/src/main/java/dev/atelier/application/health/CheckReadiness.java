package dev.atelier.application.health;

import java.util.List;
import java.util.Optional;

/** Checks whether the service can handle requests. */
public interface CheckReadiness {
  /** Probes every dependency. */
  List<Finding> check();

  /**
   * The state of one dependency.
   *
   * @param groupReady whether at least one storage is ready; false for dependencies without a
   *     replacement
   * @param problem what the operator must fix, if callers may see it
   */
  record Finding(String dependency, boolean ready, boolean groupReady, Optional<String> problem) {}
}
