package dev.atelier.application;

import dev.atelier.application.port.Dependency;
import dev.atelier.application.port.UnavailableException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks them one after another; a broken one is logged with its reason, which no caller sees. */
public final class CheckReadinessService implements CheckReadiness {
  private static final Logger log = LoggerFactory.getLogger(CheckReadinessService.class);

  private final List<Dependency> dependencies;

  /** Wires the use case. */
  public CheckReadinessService(List<Dependency> dependencies) {
    this.dependencies = List.copyOf(dependencies);
  }

  @Override
  public List<Finding> check() {
    return dependencies.stream()
        .map(dependency -> new Finding(dependency.name(), isReady(dependency)))
        .toList();
  }

  private static boolean isReady(Dependency dependency) {
    try {
      dependency.check();
      return true;
    } catch (UnavailableException e) {
      log.warn("{} is not ready", dependency.name(), e);
      return false;
    }
  }
}
