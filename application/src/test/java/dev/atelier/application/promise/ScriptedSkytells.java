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
import dev.atelier.domain.GenerationRequest;
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

/** Skytells as the script wants it, and what it knows to be true. */
final class ScriptedSkytells implements Predictions, Outputs {
  static final Failure REFUSAL = new Failure(Failure.Code.CONTENT_POLICY, "refused");
  static final Failure FAILURE = new Failure(Failure.Code.GENERATION_FAILED, "failed");

  /** A webhook on its way. */
  record Webhook(Sale sale, Prediction prediction) {}

  private final InMemorySkytells skytells = new InMemorySkytells();
  private final Clock clock;
  private final Set<Outage> outages;
  private final Consumer<Webhook> overtaking;
  private final Consumer<String> violations;
  private final Deque<Step.Accept> asked = new ArrayDeque<>();
  private final Set<GenerationId> submitted = new HashSet<>();
  final List<Sale> sales = new ArrayList<>();
  final List<Webhook> webhooks = new ArrayList<>();
  final Set<GenerationId> refused = new HashSet<>();

  /**
   * Sells nothing yet.
   *
   * @param overtaking takes webhooks that are quicker than the create reply
   */
  ScriptedSkytells(
      Clock clock,
      EnumSet<Outage> outages,
      Consumer<Webhook> overtaking,
      Consumer<String> violations) {
    this.clock = clock;
    this.outages = outages;
    this.overtaking = overtaking;
    this.violations = violations;
  }

  /** Answers the submission, if one comes, as the step says. */
  void expecting(Step.Accept accept, Runnable call) {
    int before = asked.size();
    asked.push(accept);
    try {
      call.run();
    } finally {
      while (asked.size() > before) {
        asked.pop();
      }
    }
  }

  Optional<Sale> sale(GenerationId generation) {
    return sales.stream().filter(sale -> sale.generation.equals(generation)).findFirst();
  }

  void begin(Sale sale) {
    if (sale.standing instanceof Prediction.Queued) {
      become(sale, new Prediction.Processing(sale.prediction));
    }
  }

  void end(Sale sale, Ending ending) {
    if (sale.end.isPresent()) {
      return;
    }
    Instant now = clock.instant();
    List<Sale.File> files = List.of();
    Prediction end;
    switch (ending) {
      case Ending.Pictures(var pictures, var ahead) -> {
        files = leave(sale, pictures, now);
        end =
            new Prediction.Succeeded(
                sale.prediction,
                files.stream().map(Sale.File::output).toList(),
                ahead.map(now::plus));
      }
      case Ending.Nothing _ ->
          end = new Prediction.Succeeded(sale.prediction, List.of(), Optional.of(now));
      case Ending.Failed _ -> end = new Prediction.Failed(sale.prediction, FAILURE);
      case Ending.Canceled _ -> end = new Prediction.Canceled(sale.prediction);
    }
    sale.end = Optional.of(new Sale.End(ending, now, files));
    become(sale, end);
  }

  private void become(Sale sale, Prediction standing) {
    sale.standing = standing;
    skytells.set(standing);
    webhooks.add(new Webhook(sale, standing));
  }

  private List<Sale.File> leave(Sale sale, List<Picture> pictures, Instant end) {
    var files = new ArrayList<Sale.File>();
    for (Picture picture : pictures) {
      String name = sale.prediction + " " + files.size();
      var unaddressed = new Sale.File(new Output(""), name, picture);
      Output output = skytells.addOutput(() -> answer(unaddressed, end));
      files.add(new Sale.File(output, name, picture));
    }
    return files;
  }

  private Fetch answer(Sale.File file, Instant end) {
    return switch (file.trouble(end, clock.instant())) {
      case NONE -> InMemorySkytells.content(file.bytes(), new ByteArrayInputStream(file.bytes()));
      case UNAVAILABLE -> new Fetch.Unavailable("503");
      case BREAKS_OFF ->
          InMemorySkytells.content(
              file.bytes(), new BreakingInputStream(file.bytes(), new IOException("broke off")));
      case NOT_THERE -> new Fetch.Gone();
      case ERROR_PAGE -> new Fetch.Rejected("no result");
      case FORBIDDEN -> new Fetch.Rejected("not public");
    };
  }

  @Override
  public Submission submit(GenerationId id, GenerationRequest request) {
    if (!submitted.add(id)) {
      violations.accept("submitted twice: " + id);
    }
    Step.Accept accept = asked.pop();
    return switch (accept.reply()) {
      case NEVER_SENT -> new Submission.Unconfirmed("not sent");
      case REFUSED -> {
        refused.add(id);
        yield new Submission.Refused(REFUSAL, Optional.empty());
      }
      case QUEUED, AS_IT_STANDS, LOST -> {
        skytells.sellNext(prediction -> sell(new Sale(id, prediction), accept));
        yield skytells.submit(id, request);
      }
    };
  }

  private Submission sell(Sale sale, Step.Accept accept) {
    sales.add(sale);
    accept.early().ifPresent(ending -> end(sale, ending));
    if (accept.webhookFirst() && sale.end.isPresent()) {
      overtaking.accept(new Webhook(sale, sale.standing));
    }
    return switch (accept.reply()) {
      case QUEUED -> new Submission.Accepted(new Prediction.Queued(sale.prediction));
      case AS_IT_STANDS -> new Submission.Accepted(sale.standing);
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
      sales.stream()
          .filter(sale -> sale.prediction.equals(id))
          .forEach(sale -> end(sale, new Ending.Canceled()));
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
