package dev.atelier.application.promise;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.atelier.application.Pictures;
import dev.atelier.application.promise.Step.DownloadFault;
import dev.atelier.application.promise.Step.Ending;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Output;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.State;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A prediction that Skytells has accepted, and its real state. */
final class SoldPrediction {
  final GenerationId generation;
  final PredictionId id;
  Prediction state;
  Optional<End> end = Optional.empty();

  /** Seconds without a fault in which the generation did not learn of its prediction. */
  int secondsUnconfirmed;

  /** Seconds without a fault since the end in which the outputs were not stored. */
  int secondsUnstored;

  SoldPrediction(GenerationId generation, PredictionId id) {
    this.generation = generation;
    this.id = id;
    this.state = new Prediction.Queued(id);
  }

  /** Its end. */
  record End(Ending ending, Instant at, List<File> files) {
    Instant expiry() {
      return at.plus(State.RETENTION);
    }

    /** Whether every output could be fetched now. */
    boolean isReachable(Instant now) {
      return files.stream().allMatch(file -> file.fault(at, now) == DownloadFault.NONE);
    }
  }

  /** One output. */
  record File(Output output, String name, Step.Picture picture) {
    /** A PNG that differs from all other outputs. */
    byte[] bytes() {
      var bytes = new ByteArrayOutputStream();
      bytes.writeBytes(Pictures.PNG);
      bytes.writeBytes(name.getBytes(UTF_8));
      return bytes.toByteArray();
    }

    DownloadFault fault(Instant end, Instant now) {
      if (!now.isBefore(end.plus(State.RETENTION))) {
        return picture.after();
      }
      return now.isBefore(end.plus(picture.lasting())) ? picture.first() : DownloadFault.NONE;
    }

    boolean mayFailWith(DownloadFault fault) {
      return picture.first() == fault || picture.after() == fault;
    }
  }
}
