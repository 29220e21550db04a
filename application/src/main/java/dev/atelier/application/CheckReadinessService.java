package dev.atelier.application;

import dev.atelier.application.port.Dependency;
import dev.atelier.application.port.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks them one after another. One that breaks is logged with its reason, and then again when it
 * works: a platform asks every few seconds.
 */
public final class CheckReadinessService implements CheckReadiness {
  private static final Logger log = LoggerFactory.getLogger(CheckReadinessService.class);

  private final List<Dependency> needed;
  private final List<Dependency> storages;
  private final Set<String> broken = ConcurrentHashMap.newKeySet();

  /**
   * Wires the use case.
   *
   * @param needed each of them must work; why one does not is told to nobody
   * @param storages each of them does for the others; what is wrong with one is told
   */
  public CheckReadinessService(List<Dependency> needed, List<Dependency> storages) {
    this.needed = List.copyOf(needed);
    this.storages = List.copyOf(storages);
  }

  @Override
  public List<Finding> check() {
    var findings = new ArrayList<Finding>();
    for (Dependency dependency : needed) {
      boolean ready = problem(dependency).isEmpty();
      findings.add(new Finding(dependency.name(), ready, false, Optional.empty()));
    }
    List<Optional<String>> problems = storages.stream().map(this::problem).toList();
    boolean covered = problems.stream().anyMatch(Optional::isEmpty);
    for (int i = 0; i < storages.size(); i++) {
      Optional<String> problem = problems.get(i);
      findings.add(new Finding(storages.get(i).name(), problem.isEmpty(), covered, problem));
    }
    return findings;
  }

  private Optional<String> problem(Dependency dependency) {
    try {
      dependency.check();
      if (broken.remove(dependency.name())) {
        log.info("{} is ready again", dependency.name());
      }
      return Optional.empty();
    } catch (UnavailableException e) {
      if (broken.add(dependency.name())) {
        log.warn("{} is not ready: {}", dependency.name(), e.reason());
      }
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
