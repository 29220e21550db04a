package dev.atelier.application.promise;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.atelier.application.Pictures;
import dev.atelier.application.promise.Step.Ending;
import dev.atelier.application.promise.Step.Trouble;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Output;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.State;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A prediction that was paid for, and the truth about it. */
final class Sale {
  final GenerationId generation;
  final PredictionId prediction;
  Prediction standing;
  Optional<End> end = Optional.empty();

  /** For how long all has been well while nothing came of it: since it was sold, since its end. */
  int secondsSold;

  int secondsEnded;

  Sale(GenerationId generation, PredictionId prediction) {
    this.generation = generation;
    this.prediction = prediction;
    this.standing = new Prediction.Queued(prediction);
  }

  /** How it ended, and when. */
  record End(Ending ending, Instant at, List<File> files) {
    Instant expiry() {
      return at.plus(State.RETENTION);
    }

    /** Whether every output could be fetched now. */
    boolean isReachable(Instant now) {
      return files.stream().allMatch(file -> file.trouble(at, now) == Trouble.NONE);
    }
  }

  /** One output. */
  record File(Output output, String name, Step.Picture picture) {
    /** A PNG that no other output is like. */
    byte[] bytes() {
      var bytes = new ByteArrayOutputStream();
      bytes.writeBytes(Pictures.PNG);
      bytes.writeBytes(name.getBytes(UTF_8));
      return bytes.toByteArray();
    }

    Trouble trouble(Instant end, Instant now) {
      if (!now.isBefore(end.plus(State.RETENTION))) {
        return picture.after();
      }
      return now.isBefore(end.plus(picture.lasting())) ? picture.trouble() : Trouble.NONE;
    }

    boolean isEver(Trouble trouble) {
      return picture.trouble() == trouble || picture.after() == trouble;
    }
  }
}
