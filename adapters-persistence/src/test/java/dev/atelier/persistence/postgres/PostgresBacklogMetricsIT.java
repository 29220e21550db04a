package dev.atelier.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.port.BacklogMetrics.Report;
import dev.atelier.application.port.ChangeNotifications.Change;
import dev.atelier.application.port.Generations.Insertion;
import dev.atelier.application.port.Generations.Saving;
import dev.atelier.application.port.Generations.Work;
import dev.atelier.application.port.MutableClock;
import dev.atelier.application.port.UnreadableGenerationException;
import dev.atelier.domain.Asset;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Generations;
import dev.atelier.domain.Observation;
import dev.atelier.domain.Observation.OutputStored;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.Status;
import dev.atelier.domain.UserId;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PostgresBacklogMetricsIT {
  @Test
  void activeGenerationsAndWaitingOutputsAreCounted() {
    try (var database =
        new PostgresDatabase(PostgresServer.settings(PostgresServer.shared().newDatabase()))) {
      database.start();
      var generations = new PostgresGenerations(database);
      var census = new PostgresBacklogMetrics(database);
      assertThat(census.count())
          .isEqualTo(
              new Report(
                  Map.of(
                      "submitting",
                      0L,
                      "queued",
                      0L,
                      "processing",
                      0L,
                      "canceling",
                      0L,
                      "storing",
                      0L),
                  0,
                  Optional.empty(),
                  0));
      insert(generations);
      save(generations, insert(generations), new Observation.CancelRequested());
      Generation ended = insert(generations);
      save(generations, ended, new Prediction.Canceled(new PredictionId("pred_canceled")));
      Generation storing = insert(generations);
      var prediction = new PredictionId("pred_storing");
      storing =
          save(
              generations,
              storing,
              new Prediction.Succeeded(
                  prediction,
                  List.of(Generations.OUTPUT, Generations.OUTPUT, Generations.OUTPUT),
                  Optional.empty()));
      Asset asset = Generations.asset(storing.id(), 1);
      save(generations, storing, new OutputStored(1, asset));

      assertThat(census.count())
          .isEqualTo(
              new Report(
                  Map.of(
                      "submitting",
                      1L,
                      "queued",
                      0L,
                      "processing",
                      0L,
                      "canceling",
                      1L,
                      "storing",
                      1L),
                  2,
                  Optional.of(Generations.CREATED),
                  0));
    }
  }

  @Test
  void unreadableRowsAreCountedForAnHourForEveryKindOfRead() {
    var clock = new MutableClock();
    PostgresUrl url = PostgresServer.shared().newDatabase();
    try (var database = new PostgresDatabase(PostgresServer.settings(url), clock)) {
      database.start();
      var generations = new PostgresGenerations(database);
      var census = new PostgresBacklogMetrics(database);
      Generation first = insert(generations);
      Generation second = insert(generations);
      Unreadable.make(database, first.id());
      Unreadable.make(database, second.id());

      readEverywhere(database, generations, first);
      clock.advance(Duration.ofMinutes(30));
      assertThatThrownBy(() -> generations.find(second.id()))
          .isInstanceOf(UnreadableGenerationException.class);

      assertThat(census.count().unreadable()).isEqualTo(2);

      clock.advance(Duration.ofMinutes(31));
      assertThat(census.count().unreadable()).isEqualTo(1);
    }
  }

  private static void readEverywhere(
      PostgresDatabase database, PostgresGenerations generations, Generation unreadable) {
    assertThatThrownBy(() -> generations.find(unreadable.id()))
        .isInstanceOf(UnreadableGenerationException.class);
    assertThat(generations.list(Optional.empty(), EnumSet.allOf(Status.class), Optional.empty(), 1))
        .isEmpty();
    assertThat(generations.claim(Work.OBSERVE, unreadable.createdAt(), Duration.ofSeconds(1), 10))
        .isEmpty();
    assertThat(new PostgresChangeNotifications(database).changedSince(Map.of(unreadable.id(), -1)))
        .containsExactly(new Change.Unreadable(unreadable.id()));
  }

  private static Generation insert(PostgresGenerations generations) {
    Generation begun = Generations.begun(UserId.ANONYMOUS);
    assertThat(generations.insert(begun, Optional.empty(), 10)).isEqualTo(new Insertion.Inserted());
    return begun;
  }

  private static Generation save(
      PostgresGenerations generations, Generation generation, Observation observation) {
    Generation next = generation.observe(observation, Generations.CREATED).generation();
    assertThat(generations.save(next)).isEqualTo(Saving.SAVED);
    return next;
  }
}
