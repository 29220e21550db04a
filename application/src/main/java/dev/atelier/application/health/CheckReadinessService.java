package dev.atelier.application.health;

import dev.atelier.application.port.Dependency;
import dev.atelier.application.port.UnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes all dependencies in parallel. Calls share recent results, because the public endpoint may
 * be called at any rate.
 */
public final class CheckReadinessService implements CheckReadiness {
  /** Shorter than that of platform health checks. */
  public static final Duration PROBE_TIMEOUT = Duration.ofSeconds(5);

  public static final Duration RESULT_MAX_AGE = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(CheckReadinessService.class);

  private final List<Probe> required;
  private final List<Probe> storages;
  private final Clock clock;
  private final Duration answerWithin;

  /**
   * @param required must all work; callers do not see their problems
   * @param storages one of them suffices; callers see their problems
   */
  public CheckReadinessService(List<Dependency> required, List<Dependency> storages, Clock clock) {
    this(required, storages, clock, PROBE_TIMEOUT);
  }

  CheckReadinessService(
      List<Dependency> required, List<Dependency> storages, Clock clock, Duration answerWithin) {
    this.required = required.stream().map(Probe::new).toList();
    this.storages = storages.stream().map(Probe::new).toList();
    this.clock = clock;
    this.answerWithin = answerWithin;
  }

  @Override
  public List<Finding> check() {
    var requiredAnswers = required.stream().map(Probe::start).toList();
    var storageAnswers = storages.stream().map(Probe::start).toList();
    var findings = new ArrayList<Finding>();
    for (int i = 0; i < required.size(); i++) {
      boolean ready = required.get(i).problem(requiredAnswers.get(i)).isEmpty();
      findings.add(new Finding(required.get(i).name(), ready, false, Optional.empty()));
    }
    var problems = new ArrayList<Optional<String>>();
    for (int i = 0; i < storages.size(); i++) {
      problems.add(storages.get(i).problem(storageAnswers.get(i)));
    }
    boolean groupReady = problems.stream().anyMatch(Optional::isEmpty);
    for (int i = 0; i < storages.size(); i++) {
      Optional<String> problem = problems.get(i);
      findings.add(new Finding(storages.get(i).name(), problem.isEmpty(), groupReady, problem));
    }
    return findings;
  }

  private sealed interface Answer {
    record Ready() implements Answer {}

    record Broken(String problem, String reason) implements Answer {}
  }

  private static final Answer NO_RESPONSE = new Answer.Broken("no response", "no response");

  /** Probes never overlap, so a hanging one occupies only one thread. */
  private final class Probe {
    private final Dependency dependency;
    private @Nullable CompletableFuture<Answer> running;
    private Instant startedAt = Instant.MIN;
    private boolean broken;

    Probe(Dependency dependency) {
      this.dependency = dependency;
    }

    String name() {
      return dependency.name();
    }

    synchronized CompletableFuture<Answer> start() {
      CompletableFuture<Answer> answer = running;
      if (answer == null || (answer.isDone() && !isFresh())) {
        startedAt = clock.instant();
        answer = CompletableFuture.supplyAsync(this::probe, Thread::startVirtualThread);
        running = answer;
      }
      return answer
          .copy()
          .completeOnTimeout(NO_RESPONSE, answerWithin.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The age is negative after the clock was set back. */
    private boolean isFresh() {
      Duration age = Duration.between(startedAt, clock.instant());
      return !age.isNegative() && age.compareTo(RESULT_MAX_AGE) < 0;
    }

    private Answer probe() {
      try {
        dependency.check();
        return new Answer.Ready();
      } catch (UnavailableException e) {
        return new Answer.Broken(String.valueOf(e.getMessage()), e.reason());
      }
    }

    Optional<String> problem(CompletableFuture<Answer> answer) {
      return switch (answer.join()) {
        case Answer.Ready _ -> {
          if (changesTo(false)) {
            log.info("{} is ready again", name());
          }
          yield Optional.empty();
        }
        case Answer.Broken(String problem, String reason) -> {
          if (changesTo(true)) {
            log.warn("{} is not ready: {}", name(), reason);
          }
          yield Optional.of(problem);
        }
      };
    }

    private synchronized boolean changesTo(boolean newBroken) {
      boolean changed = broken != newBroken;
      broken = newBroken;
      return changed;
    }
  }
}
