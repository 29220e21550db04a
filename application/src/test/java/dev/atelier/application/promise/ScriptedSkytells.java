package dev.atelier.application.promise;

import dev.atelier.application.port.BreakingInputStream;
import dev.atelier.application.port.InMemorySkytells;
import dev.atelier.application.port.Outputs;
import dev.atelier.application.port.Predictions;
import dev.atelier.application.promise.Step.Ending;
import dev.atelier.application.promise.Step.Outage;
import dev.atelier.application.promise.Step.Picture;
import dev.atelier.domain.Failure;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Model;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.Output;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A Skytells that follows the script and records what really happened. */
final class ScriptedSkytells implements Predictions, Outputs {
  static final Failure REFUSAL = new Failure(Failure.Code.CONTENT_POLICY, "refused");
  static final Failure FAILURE = new Failure(Failure.Code.GENERATION_FAILED, "failed");

  /** An undelivered webhook. */
  record Webhook(SoldPrediction sold, Prediction prediction) {}

  private final InMemorySkytells skytells = new InMemorySkytells();
  private final Clock clock;
  private final Set<Outage> outages;
  private final Consumer<Webhook> earlyWebhooks;
  private final Consumer<String> violations;
  private final Deque<Step.Accept> expected = new ArrayDeque<>();
  private final Set<GenerationId> submitted = new HashSet<>();
  final List<SoldPrediction> predictions = new ArrayList<>();
  final List<Webhook> webhooks = new ArrayList<>();
  final Set<GenerationId> refused = new HashSet<>();

  /**
   * @param earlyWebhooks receives webhooks that arrive before the create response
   */
  ScriptedSkytells(
      Clock clock,
      EnumSet<Outage> outages,
      Consumer<Webhook> earlyWebhooks,
      Consumer<String> violations) {
    this.clock = clock;
    this.outages = outages;
    this.earlyWebhooks = earlyWebhooks;
    this.violations = violations;
  }

  /** Runs a call; a submission that it makes gets the response of the step. */
  void expecting(Step.Accept accept, Runnable call) {
    int size = expected.size();
    expected.push(accept);
    try {
      call.run();
    } finally {
      while (expected.size() > size) {
        expected.pop();
      }
    }
  }

  Optional<SoldPrediction> soldFor(GenerationId generation) {
    return predictions.stream().filter(sold -> sold.generation.equals(generation)).findFirst();
  }

  void begin(SoldPrediction sold) {
    if (sold.state instanceof Prediction.Queued) {
      setState(sold, new Prediction.Processing(sold.id));
    }
  }

  void end(SoldPrediction sold, Ending ending) {
    if (sold.end.isPresent()) {
      return;
    }
    Instant now = clock.instant();
    List<SoldPrediction.File> files = List.of();
    Prediction end;
    switch (ending) {
      case Ending.Pictures(var pictures, var ahead) -> {
        files = addOutputs(sold, pictures, now);
        end =
            new Prediction.Succeeded(
                sold.id,
                files.stream().map(SoldPrediction.File::output).toList(),
                ahead.map(now::plus));
      }
      case Ending.Nothing _ -> end = new Prediction.Succeeded(sold.id, List.of(), Optional.of(now));
      case Ending.Failed _ -> end = new Prediction.Failed(sold.id, FAILURE);
      case Ending.Canceled _ -> end = new Prediction.Canceled(sold.id);
    }
    sold.end = Optional.of(new SoldPrediction.End(ending, now, files));
    setState(sold, end);
  }

  private void setState(SoldPrediction sold, Prediction state) {
    sold.state = state;
    skytells.set(state);
    webhooks.add(new Webhook(sold, state));
  }

  private List<SoldPrediction.File> addOutputs(
      SoldPrediction sold, List<Picture> pictures, Instant end) {
    var files = new ArrayList<SoldPrediction.File>();
    for (Picture picture : pictures) {
      String name = sold.id + " " + files.size();
      var withoutUrl = new SoldPrediction.File(new Output(""), name, picture);
      Output output = skytells.addOutput(() -> respond(withoutUrl, end));
      files.add(new SoldPrediction.File(output, name, picture));
    }
    return files;
  }

  private Fetch respond(SoldPrediction.File file, Instant end) {
    return switch (file.fault(end, clock.instant())) {
      case NONE -> InMemorySkytells.content(file.bytes(), new ByteArrayInputStream(file.bytes()));
      case UNAVAILABLE -> new Fetch.Unavailable("503");
      case BREAKS_OFF ->
          InMemorySkytells.content(
              file.bytes(),
              new BreakingInputStream(file.bytes(), new IOException("connection lost")));
      case NOT_THERE -> new Fetch.Gone();
      case ERROR_PAGE -> new Fetch.Rejected("no result");
      case FORBIDDEN -> new Fetch.Rejected("not public");
    };
  }

  @Override
  public Submission submit(GenerationId id, Model model, ModelInput input) {
    if (!submitted.add(id)) {
      violations.accept("submitted twice: " + id);
    }
    Step.Accept accept = expected.pop();
    return switch (accept.reply()) {
      case NEVER_SENT -> new Submission.Unconfirmed("not sent");
      case REFUSED -> {
        refused.add(id);
        yield new Submission.Refused(REFUSAL, Optional.empty());
      }
      case QUEUED, AS_IT_STANDS, LOST -> {
        skytells.sellNext(prediction -> sell(new SoldPrediction(id, prediction), accept));
        yield skytells.submit(id, model, input);
      }
    };
  }

  private Submission sell(SoldPrediction sold, Step.Accept accept) {
    predictions.add(sold);
    accept.early().ifPresent(ending -> end(sold, ending));
    if (accept.webhookFirst() && sold.end.isPresent()) {
      earlyWebhooks.accept(new Webhook(sold, sold.state));
    }
    return switch (accept.reply()) {
      case QUEUED -> new Submission.Accepted(new Prediction.Queued(sold.id));
      case AS_IT_STANDS -> new Submission.Accepted(sold.state);
      case LOST, NEVER_SENT, REFUSED -> new Submission.Unconfirmed("read timed out");
    };
  }

  void breakDown(boolean down) {
    skytells.breakDown(down);
  }

  @Override
  public LookupResult find(PredictionId id) {
    LookupResult lookupResult = skytells.find(id);
    return outages.contains(Outage.FIND) && lookupResult instanceof LookupResult.Found
        ? new LookupResult.NotFound()
        : lookupResult;
  }

  @Override
  public Listing list(int page) {
    Listing listing = skytells.list(page);
    return outages.contains(Outage.LIST) && listing instanceof Listing.Page
        ? new Listing.Page(List.of(), true)
        : listing;
  }

  @Override
  public Cancellation cancel(PredictionId id) {
    Cancellation cancellation = skytells.cancel(id);
    if (cancellation instanceof Cancellation.Accepted) {
      predictions.stream()
          .filter(sold -> sold.id.equals(id))
          .forEach(sold -> end(sold, new Ending.Canceled()));
    }
    return cancellation;
  }

  @Override
  public Deletion delete(PredictionId id) {
    return skytells.delete(id);
  }

  @Override
  public Fetch fetch(Output output) {
    return skytells.fetch(output);
  }
}
