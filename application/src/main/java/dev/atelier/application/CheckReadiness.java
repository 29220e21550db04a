package dev.atelier.application;

import java.util.List;

/** Tells whether the service can do its work now. */
public interface CheckReadiness {
  /** Asks every dependency for a sign of life. */
  List<Finding> check();

  /**
   * What one dependency answered.
   *
   * @param dependency its name
   * @param ready whether it gave a sign of life
   */
  record Finding(String dependency, boolean ready) {}
}
