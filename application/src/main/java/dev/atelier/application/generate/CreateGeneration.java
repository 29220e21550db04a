package dev.atelier.application.generate;

import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.IdempotencyKey;
import dev.atelier.domain.Model;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.UserId;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Starts a generation: validates the request, enforces the quota, persists a row, then calls
 * Skytells.
 */
public interface CreateGeneration {
  /**
   * Starts a generation.
   *
   * @throws InvalidRequestException if the command is invalid; nothing was written or sent
   * @throws dev.atelier.application.port.UnavailableException if the row could not be written;
   *     nothing was sent
   */
  Result create(Command command);

  /**
   * A client's request. Empty values take defaults; the model determines the allowed options.
   *
   * @param key a repeated request with the same key starts no second generation
   * @param width in pixels
   * @param height in pixels
   * @param parameters under the model's own names
   */
  record Command(
      UserId owner,
      Optional<IdempotencyKey> key,
      Optional<String> prompt,
      Optional<String> model,
      OptionalInt width,
      OptionalInt height,
      Optional<String> negativePrompt,
      OptionalInt numInferenceSteps,
      OptionalInt numOutputs,
      OptionalLong seed,
      OptionalInt durationSeconds,
      ModelInput parameters) {

    /** A command with default options. */
    public static Command of(UserId owner, String prompt) {
      return new Command(
          owner,
          Optional.empty(),
          Optional.of(prompt),
          Optional.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalLong.empty(),
          OptionalInt.empty(),
          ModelInput.EMPTY);
    }
  }

  sealed interface Result {
    /** The generation is persisted. It may have ended already. */
    record Accepted(Generation generation) implements Result {}

    /**
     * An identical request with the same key started this generation; nothing was written or sent.
     */
    record Replayed(Generation generation) implements Result {}

    /** A different request used the same key; nothing was written or sent. */
    record KeyReused() implements Result {}

    /** Skytells reports that the model is offline; nothing was written or sent. */
    record ModelOffline(Model model) implements Result {}

    /**
     * A stored file that an input names does not exist; nothing was written or sent.
     *
     * @param path of the parameter, such as {@code input.images[1]}
     */
    record InputNotFound(String path) implements Result {}

    /**
     * Skytells cannot fetch a stored file from this service; nothing was written or sent.
     *
     * @param path of the parameter, such as {@code input.images[1]}
     */
    record InputUnreachable(String path) implements Result {}

    /** The owner has too many active generations; nothing was written or sent. */
    record LimitReached(int activeLimit) implements Result {}

    /**
     * The owner's budget of this UTC day does not allow this generation; nothing was written or
     * sent.
     *
     * @param retryAfter until the next day
     */
    record BudgetExceeded(Duration retryAfter) implements Result {}

    /**
     * Skytells rejected this request, or the earlier one with the same key.
     *
     * @param generation kept as failed
     * @param retryAfter the delay stated by Skytells
     */
    record Refused(Generation generation, Failure failure, Optional<Duration> retryAfter)
        implements Result {}
  }
}
