package dev.atelier.application;

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
 * Asks them all at once, and waits for none longer than a platform waits for the answer. Whoever
 * asks meanwhile or just afterwards gets the same findings: anybody may ask, and as often as they
 * like. A dependency that breaks is logged with its reason, and then again when it works.
 */
public final class CheckReadinessService implements CheckReadiness {
  /** What has said nothing for that long is not ready. */
  public static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

  /** How old a finding may be that is given again. */
  public static final Duration REUSED_FOR = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(CheckReadinessService.class);

  private final List<Probe> needed;
  private final List<Probe> storages;
  private final Clock clock;
  private final Duration answerWithin;

  /**
   * Wires the use case.
   *
   * @param needed each of them must work; why one does not is told to nobody
   * @param storages each of them does for the others; what is wrong with one is told
   */
  public CheckReadinessService(List<Dependency> needed, List<Dependency> storages, Clock clock) {
    this(needed, storages, clock, ANSWER_WITHIN);
  }

  CheckReadinessService(
      List<Dependency> needed, List<Dependency> storages, Clock clock, Duration answerWithin) {
    this.needed = needed.stream().map(Probe::new).toList();
    this.storages = storages.stream().map(Probe::new).toList();
    this.clock = clock;
    this.answerWithin = answerWithin;
  }

  @Override
  public List<Finding> check() {
    var neededAnswers = needed.stream().map(Probe::ask).toList();
    var storageAnswers = storages.stream().map(Probe::ask).toList();
    var findings = new ArrayList<Finding>();
    for (int i = 0; i < needed.size(); i++) {
      boolean ready = needed.get(i).problem(neededAnswers.get(i)).isEmpty();
      findings.add(new Finding(needed.get(i).name(), ready, false, Optional.empty()));
    }
    var problems = new ArrayList<Optional<String>>();
    for (int i = 0; i < storages.size(); i++) {
      problems.add(storages.get(i).problem(storageAnswers.get(i)));
    }
    boolean covered = problems.stream().anyMatch(Optional::isEmpty);
    for (int i = 0; i < storages.size(); i++) {
      Optional<String> problem = problems.get(i);
      findings.add(new Finding(storages.get(i).name(), problem.isEmpty(), covered, problem));
    }
    return findings;
  }

  /** What one dependency said. */
  private sealed interface Answer {
    record Ready() implements Answer {}

    /**
     * @param problem what an operator has to mend
     * @param reason for the log
     */
    record Broken(String problem, String reason) implements Answer {}
  }

  private static final Answer SILENT =
      new Answer.Broken("it does not answer", "it does not answer");

  /** Asks one dependency, and never twice at once: one that hangs holds no more than a thread. */
  private final class Probe {
    private final Dependency dependency;
    private @Nullable CompletableFuture<Answer> asked;
    private Instant askedAt = Instant.MIN;
    private boolean broken;

    Probe(Dependency dependency) {
      this.dependency = dependency;
    }

    String name() {
      return dependency.name();
    }

    /** An answer that comes in time, whatever the dependency does. */
    synchronized CompletableFuture<Answer> ask() {
      CompletableFuture<Answer> asking = asked;
      if (asking == null || (asking.isDone() && !isFresh())) {
        askedAt = clock.instant();
        asking = CompletableFuture.supplyAsync(this::answer, Thread::startVirtualThread);
        asked = asking;
      }
      return asking
          .copy()
          .completeOnTimeout(SILENT, answerWithin.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Time may also be set back. */
    private boolean isFresh() {
      Duration age = Duration.between(askedAt, clock.instant());
      return !age.isNegative() && age.compareTo(REUSED_FOR) < 0;
    }

    private Answer answer() {
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
          if (turns(false)) {
            log.info("{} is ready again", name());
          }
          yield Optional.empty();
        }
        case Answer.Broken(String problem, String reason) -> {
          if (turns(true)) {
            log.warn("{} is not ready: {}", name(), reason);
          }
          yield Optional.of(problem);
        }
      };
    }

    private synchronized boolean turns(boolean nowBroken) {
      boolean turned = broken != nowBroken;
      broken = nowBroken;
      return turned;
    }
  }
}
