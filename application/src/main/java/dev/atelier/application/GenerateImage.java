package dev.atelier.application;

import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.IdempotencyKey;
import dev.atelier.domain.UserId;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Starts a generation: validates, takes one of the owner's places, makes our row durable, and only
 * then asks Skytells.
 */
public interface GenerateImage {
  /**
   * Starts a generation.
   *
   * @throws InvalidRequestException when the command breaks a rule; nothing was written or sent
   * @throws dev.atelier.application.port.UnavailableException when our row could not be written;
   *     nothing was sent
   */
  Result generate(Command command);

  /**
   * What a client asks for. What is empty takes its default; which options there are depends on the
   * model.
   *
   * @param owner whose generation it will be
   * @param key what the client calls this wish; said again, it is granted once
   * @param prompt raw, as the client sent it
   * @param model a slug of the allow-list
   * @param width pixels
   * @param height pixels
   * @param negativePrompt raw
   * @param numInferenceSteps count
   * @param numOutputs count
   * @param seed 0 to 2³²−1
   * @param durationSeconds of a video
   */
  record Command(
      UserId owner,
      Optional<IdempotencyKey> key,
      String prompt,
      Optional<String> model,
      OptionalInt width,
      OptionalInt height,
      Optional<String> negativePrompt,
      OptionalInt numInferenceSteps,
      OptionalInt numOutputs,
      OptionalLong seed,
      OptionalInt durationSeconds) {

    /** A command that leaves every option to its default. */
    public static Command of(UserId owner, String prompt) {
      return new Command(
          owner,
          Optional.empty(),
          prompt,
          Optional.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalLong.empty(),
          OptionalInt.empty());
    }
  }

  /** What became of the command. */
  sealed interface Result {
    /**
     * The generation is durable, and will end.
     *
     * @param generation as it stands; it may have ended already
     */
    record Accepted(Generation generation) implements Result {}

    /**
     * The same was asked for before, with the same key; nothing was written or sent.
     *
     * @param generation the one that was begun then, as it stands
     */
    record Replayed(Generation generation) implements Result {}

    /** Something else was asked for before, with the same key; nothing was written or sent. */
    record KeyReused() implements Result {}

    /**
     * The owner has no free place; nothing was written or sent.
     *
     * @param activeLimit how many places there are
     */
    record LimitReached(int activeLimit) implements Result {}

    /**
     * Skytells did not take it on, now or when the same was asked for with the same key. The
     * generation is kept, as failed.
     *
     * @param failure why
     * @param retryAfter when to try again, if Skytells said so
     */
    record Refused(Generation generation, Failure failure, Optional<Duration> retryAfter)
        implements Result {}
  }
}
