package dev.atelier.application;

import java.util.List;
import java.util.Optional;

/** Tells whether the service can do its work now. */
public interface CheckReadiness {
  /**
   * Asks every dependency for a sign of life. The service can do its work when each is ready or
   * covered.
   */
  List<Finding> check();

  /**
   * What one dependency answered.
   *
   * @param dependency its name
   * @param ready whether it gave a sign of life
   * @param covered whether another one does its work meanwhile, if it gave none
   * @param problem what an operator has to mend, where that can be told to everybody
   */
  record Finding(String dependency, boolean ready, boolean covered, Optional<String> problem) {}
}
