package dev.atelier.application.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.Generations.Claim;
import dev.atelier.application.port.MutableClock;
import dev.atelier.application.port.Predictions;
import dev.atelier.application.port.Predictions.Listing;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Generations;
import dev.atelier.domain.Model;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PredictionListTest {
  private static final Instant LONG_AGO = Instant.parse("2026-01-01T10:00:00Z");

  private final MutableClock clock = new MutableClock();
  private final ScriptedList skytells = new ScriptedList();
  private final PredictionList list = new PredictionList(skytells, clock);

  @Test
  void readsOnlyTheFirstPageOfARepeatingList() {
    skytells.response = (_, filter) -> filter.succeeded() ? new Listing.Refused() : page(0, false);
    read(unconfirmed());
    assertThat(skytells.requests).containsExactly("1", "2", "1 succeeded");

    skytells.requests.clear();
    read(unconfirmed());
    assertThat(skytells.requests).containsExactly("1");

    skytells.requests.clear();
    clock.advance(Duration.ofMinutes(10));
    read(unconfirmed());
    assertThat(skytells.requests).startsWith("1", "2");
  }

  @Test
  void aPagedListThatGrowsIsNotARepeatingList() {
    // One prediction was added meanwhile, so the last of the first page is the first of the next.
    skytells.response = (number, _) -> page(number == 1 ? 0 : number * 50 - 51, false);

    read(unconfirmed());

    assertThat(skytells.requests).containsExactly("1", "2", "3", "4", "5");
  }

  @Test
  void continuesALongListInTheNextRound() {
    skytells.response = (number, _) -> page(number * 50, false);
    read(unconfirmed());

    skytells.requests.clear();
    read(unconfirmed());

    assertThat(skytells.requests).containsExactly("1", "6", "7", "8", "9");
  }

  @Test
  void requestsRecentDaysIfTheListStartsWithOldPredictions() {
    skytells.response =
        (number, filter) ->
            filter.from().isPresent()
                ? page(number * 50, clock.instant(), number == 2)
                : page(number * 50, LONG_AGO, false);

    read(unconfirmed());

    String day = " from " + LocalDate.parse("2026-11-19");
    assertThat(skytells.requests).containsExactly("1", "1" + day, "2" + day);
  }

  @Test
  void doesNotReuseAnIgnoredDayFilter() {
    skytells.response = (number, _) -> page(number * 50, LONG_AGO, false);
    read(unconfirmed());
    assertThat(skytells.requests).hasSize(2).last().asString().contains("from");

    skytells.requests.clear();
    read(unconfirmed());
    assertThat(skytells.requests).containsExactly("1", "2", "3", "4", "5");
  }

  @Test
  void doesNotReuseARefusedDayFilter() {
    skytells.response =
        (number, filter) ->
            filter.from().isPresent() ? new Listing.Refused() : page(number * 50, LONG_AGO, false);
    read(unconfirmed());

    skytells.requests.clear();
    read(unconfirmed());
    assertThat(skytells.requests).containsExactly("1", "2", "3", "4", "5");
  }

  @Test
  void usesAWorkingStatusFilterForMostReads() {
    skytells.response = (_, filter) -> filter.succeeded() ? succeeded(0) : mixed(0);

    for (int i = 0; i < 5; i++) {
      readNewest();
    }

    assertThat(skytells.requests)
        .containsExactly(
            "1", "1 succeeded", "1 succeeded", "1 succeeded", "1", "1 succeeded", "1 succeeded");
  }

  @Test
  void doesNotReuseAStatusFilterThatDoesNotWork() {
    for (Listing answer : List.of(mixed(0), new Listing.Refused(), page(List.of(), true))) {
      var fresh = new PredictionList(skytells, clock);
      skytells.requests.clear();
      skytells.response = (_, filter) -> filter.succeeded() ? answer : mixed(0);
      for (int i = 0; i < 3; i++) {
        fresh.readNewest(listed(), calls());
      }

      assertThat(skytells.requests).as("%s", answer).containsExactly("1", "1 succeeded", "1", "1");
    }
  }

  @Test
  void doesNotReadAFailingListForAWhile() {
    skytells.response =
        (_, _) ->
            new Predictions.Unavailable(Predictions.Unavailable.Extent.CALL, Optional.empty());
    assertThat(read(unconfirmed())).isFalse();

    assertThat(list.mayHelp(true)).isFalse();
    clock.advance(Duration.ofSeconds(30));
    assertThat(list.mayHelp(true)).isTrue();
  }

  @Test
  void readsAUselessListOnlyForUnconfirmedSubmissions() {
    skytells.response = (number, _) -> page(number * 50, false);
    for (int i = 0; i < 3; i++) {
      read(accepted());
    }

    assertThat(list.mayHelp(false)).isFalse();
    assertThat(list.mayHelp(true)).isTrue();
    clock.advance(Duration.ofMinutes(1));
    assertThat(list.mayHelp(false)).isTrue();
  }

  private boolean read(Claim claim) {
    boolean unconfirmed = claim.generation().state().prediction().isEmpty();
    return list.readFor(List.of(claim, claim, claim), unconfirmed, false, listed(), calls());
  }

  private void readNewest() {
    assertThat(list.readNewest(listed(), calls())).isTrue();
  }

  private static ListedPredictions listed() {
    return new ListedPredictions(new HashSet<>());
  }

  private CallBudget calls() {
    return new CallBudget(clock, 100, _ -> false, new HashSet<>());
  }

  private Claim unconfirmed() {
    return new Claim(
        Generations.create(
            Generations.submitting().id(),
            new UserId("ada"),
            Generations.request(),
            clock.instant()),
        0);
  }

  private static Claim accepted() {
    return new Claim(Generations.queued(), 0);
  }

  private Listing.Page page(int from, boolean last) {
    return page(from, clock.instant(), last);
  }

  private static Listing.Page page(int from, Instant createdAt, boolean last) {
    return page(
        IntStream.range(from, from + 50)
            .<Prediction>mapToObj(n -> new Prediction.Processing(new PredictionId("pred_" + n)))
            .map(prediction -> entry(prediction, createdAt))
            .toList(),
        last);
  }

  private static Listing.Page page(List<Predictions.Entry> entries, boolean last) {
    return new Listing.Page(entries, last);
  }

  private Listing.Page succeeded(int from) {
    return page(
        IntStream.range(from, from + 50)
            .mapToObj(n -> entry(succeededPrediction(n), clock.instant()))
            .toList(),
        false);
  }

  private Listing.Page mixed(int from) {
    var entries = new ArrayList<>(page(from + 50, false).entries().subList(0, 25));
    entries.addAll(succeeded(from).entries().subList(0, 25));
    return page(entries, false);
  }

  private static Prediction succeededPrediction(int number) {
    return new Prediction.Succeeded(
        new PredictionId("pred_" + number), List.of(Generations.OUTPUT), Optional.empty());
  }

  private static Predictions.Entry entry(Prediction prediction, Instant createdAt) {
    return new Predictions.Entry(prediction, Optional.empty(), Optional.of(createdAt));
  }

  /** Predictions that can only be listed. */
  private static final class ScriptedList implements Predictions {
    final List<String> requests = new ArrayList<>();
    BiFunction<Integer, Filter, Listing> response = (_, _) -> new Listing.Refused();

    @Override
    public Listing list(int page) {
      return list(page, Filter.NONE);
    }

    @Override
    public Listing list(int page, Filter filter) {
      requests.add(
          page
              + (filter.succeeded() ? " succeeded" : "")
              + filter.from().map(day -> " from " + day).orElse(""));
      return response.apply(page, filter);
    }

    @Override
    public Submission submit(GenerationId id, Model model, ModelInput input) {
      throw new UnsupportedOperationException();
    }

    @Override
    public LookupResult find(PredictionId id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Cancellation cancel(PredictionId id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Deletion delete(PredictionId id) {
      throw new UnsupportedOperationException();
    }
  }
}
