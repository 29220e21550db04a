package dev.atelier.application.sweep;

import dev.atelier.application.port.Generations.Claim;
import dev.atelier.application.port.Predictions;
import dev.atelier.application.port.Predictions.Entry;
import dev.atelier.application.port.Predictions.Filter;
import dev.atelier.application.port.Predictions.Listing;
import dev.atelier.application.port.Predictions.Unavailable;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the provider's list, and learns whether it has pages and applies filters, which is not
 * documented. Findings expire. Not thread-safe.
 */
final class PredictionList {
  private static final Logger log = LoggerFactory.getLogger(PredictionList.class);

  /** So few missing predictions are looked up one by one instead of reading another page. */
  static final int MAX_DIRECT_LOOKUPS = 2;

  /** 250 predictions. */
  private static final int MAX_PAGES = 5;

  private static final Duration LEARNED_FOR = Duration.ofMinutes(10);

  private static final Duration BROKEN_FOR = Duration.ofSeconds(30);

  /** After so many in a row without anything new, the list is not read for a while. */
  private static final int USELESS_READS = 3;

  private static final Duration USELESS_FOR = Duration.ofMinutes(1);

  /** One in this many reads uses no filter, so that failed predictions are found as well. */
  private static final int UNFILTERED_READ_INTERVAL = 4;

  private static final Object SUBJECT = "list";

  private final Predictions predictions;
  private final Clock clock;
  private Instant unusableUntil = Instant.MIN;
  private Instant repeatsUntil = Instant.MIN;
  private Instant statusUnusableUntil = Instant.MIN;
  private Instant fromUnusableUntil = Instant.MIN;
  private boolean statusWorks;
  private int reads;
  private Instant uselessUntil = Instant.MIN;
  private int uselessReads;

  /** For unconfirmed submissions. */
  private int nextPage = 2;

  private int nextPageFromDay = 1;

  PredictionList(Predictions predictions, Clock clock) {
    this.predictions = predictions;
    this.clock = clock;
  }

  boolean mayHelp(boolean onlyListed) {
    return isOver(unusableUntil) && (onlyListed || isOver(uselessUntil));
  }

  /** Whether they were read. */
  boolean readNewest(ListedPredictions listed, CallBudget calls) {
    reads++;
    boolean read;
    if (statusWorks && reads % UNFILTERED_READ_INTERVAL != 0) {
      read = readSucceeded(Set.of(), listed, calls);
    } else {
      Optional<Listing.Page> first = readPage(1, listed, calls);
      first.ifPresent(page -> readSucceeded(succeeded(page), listed, calls));
      read = first.isPresent();
    }
    recordUsefulness(listed.unsettledEnds() > 0);
    return read;
  }

  /**
   * Reads pages while they show enough due generations. For claims that only the list can show,
   * reads more pages over several rounds.
   *
   * @param more whether more is due than was claimed
   * @return whether the newest predictions were read
   */
  boolean readFor(
      List<Claim> claims,
      boolean onlyListed,
      boolean more,
      ListedPredictions listed,
      CallBudget calls) {
    var wanted = new Wanted(claims, onlyListed, more, listed);
    boolean read = readFor(wanted, calls);
    recordUsefulness(wanted.shown() > 0);
    return read;
  }

  private void recordUsefulness(boolean useful) {
    uselessReads = useful ? 0 : uselessReads + 1;
    if (uselessReads >= USELESS_READS) {
      uselessReads = 0;
      uselessUntil = clock.instant().plus(USELESS_FOR);
    }
  }

  private boolean readFor(Wanted wanted, CallBudget calls) {
    Optional<Listing.Page> first = readPage(1, wanted.listed(), calls);
    if (first.isEmpty()) {
      return false;
    }
    if (first.get().last() || wanted.isShown()) {
      nextPage = 2;
      return true;
    }
    if (isOver(repeatsUntil) && !readFurtherPages(first.get(), wanted, calls)) {
      repeatsUntil = clock.instant().plus(LEARNED_FOR);
      nextPage = 2;
      log.info("the provider's list repeats its first page; reading only that");
    }
    if (!isOver(repeatsUntil)) {
      readSucceeded(succeeded(first.get()), wanted.listed(), calls);
    }
    return true;
  }

  private record Wanted(
      List<Claim> claims, boolean onlyListed, boolean more, ListedPredictions listed) {
    boolean isShown() {
      int missing = listed.missing(claims);
      return onlyListed ? missing == 0 : !more && missing <= MAX_DIRECT_LOOKUPS;
    }

    int shown() {
      return listed.unsettledEnds() + claims.size() - listed.missing(claims);
    }

    Instant oldest() {
      return claims.stream()
          .map(claim -> claim.generation().createdAt())
          .min(Instant::compareTo)
          .orElseThrow();
    }
  }

  /**
   * The next call starts at the first useful page of this one; or after the last page read, if none
   * was useful or something can be found only in the list.
   *
   * @return false if a page repeats the first one
   */
  private boolean readFurtherPages(Listing.Page first, Wanted wanted, CallBudget calls) {
    Filter filter = filter(first, wanted.oldest());
    boolean all = filter.equals(Filter.NONE);
    int page = all ? nextPage : nextPageFromDay;
    Optional<Integer> found = Optional.empty();
    for (int pages = 1; pages < MAX_PAGES; pages++) {
      int shownBefore = wanted.shown();
      Optional<Listing.Page> read = readPage(page, filter, wanted.listed(), calls);
      if (read.isEmpty() || (!all && !matchesFilter(read.get(), filter))) {
        break;
      }
      if (all && repeats(first, read.get())) {
        return false;
      }
      boolean useful = wanted.shown() - shownBefore > MAX_DIRECT_LOOKUPS;
      if (useful && found.isEmpty()) {
        found = Optional.of(page);
      }
      page = read.get().last() ? (all ? 2 : 1) : page + 1;
      if (read.get().last() || wanted.isShown() || (!useful && !wanted.onlyListed())) {
        break;
      }
    }
    if (all) {
      nextPage = found.filter(_ -> !wanted.onlyListed()).orElse(page);
    } else {
      nextPageFromDay = found.filter(_ -> !wanted.onlyListed()).orElse(page);
    }
    return true;
  }

  /** A further page that contains the newest prediction is the first one again. */
  private static boolean repeats(Listing.Page first, Listing.Page further) {
    return !first.entries().isEmpty()
        && further.entries().stream().anyMatch(entry -> isSame(entry, first.entries().getFirst()));
  }

  private static boolean isSame(Entry one, Entry other) {
    return one.prediction().id().equals(other.prediction().id());
  }

  private Filter filter(Listing.Page first, Instant oldest) {
    // One day earlier, because the provider's days may not be in UTC.
    LocalDate day = LocalDate.ofInstant(oldest, ZoneOffset.UTC).minusDays(1);
    boolean startsBefore =
        !first.entries().isEmpty()
            && first.entries().stream()
                .allMatch(
                    entry -> entry.createdAt().filter(at -> day(at).isBefore(day)).isPresent());
    return startsBefore && isOver(fromUnusableUntil) ? Filter.from(day) : Filter.NONE;
  }

  private static LocalDate day(Instant at) {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }

  private boolean matchesFilter(Listing.Page page, Filter filter) {
    boolean matches =
        !page.entries().isEmpty()
            && page.entries().stream()
                .allMatch(
                    entry ->
                        entry
                            .createdAt()
                            .filter(
                                at -> day(at).isBefore(filter.from().orElseThrow().minusDays(1)))
                            .isEmpty());
    if (!matches) {
      fromUnusableUntil = clock.instant().plus(LEARNED_FOR);
    }
    return matches;
  }

  /**
   * Reads the newest succeeded predictions, unless the filter is known not to work.
   *
   * @param expected if not empty, a page without any of these ids shows that the filter does not
   *     work
   * @return whether the list was read
   */
  private boolean readSucceeded(
      Set<PredictionId> expected, ListedPredictions listed, CallBudget calls) {
    if (!isOver(statusUnusableUntil) || !calls.mayCall()) {
      return false;
    }
    Optional<Listing.Page> read = readPage(1, Filter.SUCCEEDED, listed, calls);
    if (read.isEmpty()) {
      return false;
    }
    int entries = read.get().entries().size();
    Set<PredictionId> shown = succeeded(read.get());
    if (entries == 0 && expected.isEmpty()) {
      statusUnusableUntil = clock.instant().plus(USELESS_FOR); // inconclusive
    } else {
      statusWorks =
          shown.size() == entries
              && (expected.isEmpty() || expected.stream().anyMatch(shown::contains));
      if (!statusWorks) {
        statusUnusableUntil = clock.instant().plus(LEARNED_FOR);
      }
    }
    return true;
  }

  private static Set<PredictionId> succeeded(Listing.Page page) {
    return page.entries().stream()
        .map(Entry::prediction)
        .filter(Prediction.Succeeded.class::isInstance)
        .map(Prediction::id)
        .collect(Collectors.toSet());
  }

  private Optional<Listing.Page> readPage(int page, ListedPredictions listed, CallBudget calls) {
    return readPage(page, Filter.NONE, listed, calls);
  }

  private Optional<Listing.Page> readPage(
      int page, Filter filter, ListedPredictions listed, CallBudget calls) {
    if (!isOver(unusableUntil) || !calls.mayCall()) {
      return Optional.empty();
    }
    calls.spend();
    return switch (predictions.list(page, filter)) {
      case Listing.Page read -> {
        calls.answered(SUBJECT);
        read.entries().forEach(listed::add);
        yield Optional.of(read);
      }
      case Listing.Refused _ -> {
        calls.answered(SUBJECT);
        refused(filter);
        yield Optional.empty();
      }
      case Unavailable unavailable -> {
        calls.failed(SUBJECT, unavailable);
        if (unavailable.extent() == Unavailable.Extent.CALL) {
          unusableUntil = clock.instant().plus(BROKEN_FOR);
        }
        yield Optional.empty();
      }
    };
  }

  private void refused(Filter filter) {
    Instant until = clock.instant().plus(LEARNED_FOR);
    if (filter.succeeded()) {
      statusWorks = false;
      statusUnusableUntil = until;
    } else if (filter.from().isPresent()) {
      fromUnusableUntil = until;
    } else {
      unusableUntil = until;
      log.warn("the provider refuses to list predictions; looking them up one by one");
    }
  }

  private boolean isOver(Instant until) {
    return !clock.instant().isBefore(until);
  }
}
