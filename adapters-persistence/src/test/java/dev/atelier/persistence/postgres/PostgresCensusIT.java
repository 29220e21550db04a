package dev.atelier.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.Census.Report;
import dev.atelier.application.port.Generations.Insertion;
import dev.atelier.application.port.Generations.Saving;
import dev.atelier.domain.Asset;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Generations;
import dev.atelier.domain.Observation;
import dev.atelier.domain.Observation.OutputStored;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.UserId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PostgresCensusIT {
  @Test
  void unfinishedGenerationsAndWaitingOutputsAreCounted() {
    try (var database =
        new PostgresDatabase(PostgresServer.settings(PostgresServer.shared().newDatabase()))) {
      database.start();
      var generations = new PostgresGenerations(database);
      var census = new PostgresCensus(database);
      assertThat(census.take())
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
                  Optional.empty()));
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

      assertThat(census.take())
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
                  Optional.of(Generations.CREATED)));
    }
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
