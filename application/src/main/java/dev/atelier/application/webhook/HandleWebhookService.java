package dev.atelier.application.webhook;

import dev.atelier.application.port.Generations;
import dev.atelier.application.port.UnreadableGenerationException;
import dev.atelier.application.port.Webhooks;
import dev.atelier.application.port.Webhooks.Reading;
import dev.atelier.application.settle.Settle;
import dev.atelier.application.store.StoreOutputs;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.Transition;
import dev.atelier.domain.Transition.Applied;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the generation by the URL or the prediction id, settles it and stores its outputs. */
public final class HandleWebhookService implements HandleWebhook {
  private static final Logger log = LoggerFactory.getLogger(HandleWebhookService.class);

  private final Webhooks webhooks;
  private final Generations generations;
  private final Settle settle;
  private final StoreOutputs storeOutputs;
  private final BillLookup billLookup;
  private final Duration storeAtMost;

  /**
   * @param storeAtMost how long the request stays open while outputs are stored: Cloud Run
   *     guarantees CPU only during a request
   */
  public HandleWebhookService(
      Webhooks webhooks,
      Generations generations,
      Settle settle,
      StoreOutputs storeOutputs,
      BillLookup billLookup,
      Duration storeAtMost) {
    this.webhooks = webhooks;
    this.generations = generations;
    this.settle = settle;
    this.storeOutputs = storeOutputs;
    this.billLookup = billLookup;
    this.storeAtMost = storeAtMost;
  }

  @Override
  public Result handle(Command command) {
    return switch (webhooks.read(command.body(), command.signature())) {
      case Reading.BadSignature _ -> {
        log.warn("webhook rejected: signature missing or wrong");
        yield Result.BAD_SIGNATURE;
      }
      case Reading.Unreadable unreadable -> {
        log.warn("webhook rejected: {}", unreadable.reason());
        yield Result.UNREADABLE;
      }
      case Reading.Authentic authentic -> {
        try {
          receive(command.generation(), authentic.prediction());
          yield Result.RECEIVED;
        } catch (UnreadableGenerationException e) {
          log.debug("webhook not applied, generation unreadable, the sender retries", e);
          yield Result.NOT_RECORDED;
        }
      }
    };
  }

  private void receive(Optional<GenerationId> addressed, Prediction prediction) {
    Optional<Transition> transition =
        addressed
            .flatMap(id -> settle.settle(id, prediction))
            .or(
                () ->
                    generations
                        .findByPrediction(prediction.id())
                        .flatMap(found -> settle.settle(found.id(), prediction)));
    if (transition.isEmpty()) {
      log.warn("webhook ignored: no generation for prediction={}", prediction.id());
      return;
    }
    if (transition.get() instanceof Applied applied) {
      billLookup.start(applied.generation());
      store(applied.generation());
    }
  }

  private void store(Generation generation) {
    storeOutputs
        .start(generation, 0)
        .completeOnTimeout(null, storeAtMost.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }
}
