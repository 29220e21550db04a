package dev.atelier.application.port;

import dev.atelier.domain.Failure;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Model;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * The provider's predictions. Failures of the provider are results; no method throws because of
 * them.
 */
public interface Predictions {
  /**
   * Creates a prediction, which costs money. Repeats the call only if the provider cannot have
   * accepted it.
   *
   * @param id part of the webhook URL, so that a webhook finds its generation even before this
   *     method returns
   * @param input with URLs that the provider can fetch
   */
  Submission submit(GenerationId id, Model model, ModelInput input);

  /** Reads one prediction. Safe to repeat, but counts towards the rate limit. */
  LookupResult find(PredictionId id);

  /**
   * Reads one prediction.
   *
   * @param tries how often the call is repeated
   */
  default LookupResult find(PredictionId id, Tries tries) {
    return find(id);
  }

  /**
   * Lists the predictions of the account. Finds those whose create response was lost, by the
   * webhook URL that the provider echoes. The order is undocumented. The call is not repeated.
   *
   * @param page from 1; at most 50 predictions
   */
  Listing list(int page);

  /**
   * Lists the predictions that match a filter.
   *
   * @param filter the provider may ignore or refuse it; the caller must check the result
   */
  default Listing list(int page, Filter filter) {
    return list(page);
  }

  /** Cancels a prediction. Safe to repeat; {@link #find} shows the outcome. */
  Cancellation cancel(PredictionId id);

  /**
   * Cancels a prediction.
   *
   * @param tries how often the call is repeated
   */
  default Cancellation cancel(PredictionId id, Tries tries) {
    return cancel(id);
  }

  /** Deletes a prediction and its outputs, irreversibly. Safe to repeat. */
  Deletion delete(PredictionId id);

  /** The rate limits last reported. Makes no call. */
  default RequestLimits limits() {
    return RequestLimits.UNKNOWN;
  }

  /** Whether a failed call is retried. */
  enum Tries {
    /** Retries for a few seconds, because a client is waiting. */
    SEVERAL,
    /** One attempt with a short timeout; the caller retries. */
    ONE
  }

  /**
   * Restricts a list.
   *
   * @param succeeded only succeeded predictions
   * @param from only predictions created on this day (UTC) or later
   */
  record Filter(boolean succeeded, Optional<LocalDate> from) {
    public static final Filter NONE = new Filter(false, Optional.empty());

    public static final Filter SUCCEEDED = new Filter(true, Optional.empty());

    public static Filter from(LocalDate day) {
      return new Filter(false, Optional.of(day));
    }
  }

  sealed interface Submission {
    /**
     * Accepted.
     *
     * @param prediction may have ended already
     */
    record Accepted(Prediction prediction) implements Submission {}

    /**
     * Certainly not accepted.
     *
     * @param retryAfter as the provider asked
     */
    record Refused(Failure failure, Optional<Duration> retryAfter) implements Submission {}

    /**
     * Possibly accepted: the response was lost, late or unreadable.
     *
     * @param diagnostic for the log; without text of the provider
     */
    record Unconfirmed(String diagnostic) implements Submission {}
  }

  sealed interface LookupResult {
    record Found(Prediction prediction) implements LookupResult {}

    /**
     * Unknown to the provider. Never proof that the prediction is lost: a fault at the provider
     * gives the same response.
     */
    record NotFound() implements LookupResult {}
  }

  sealed interface Listing {
    /**
     * A page.
     *
     * @param entries the readable ones
     * @param last whether no page follows
     */
    record Page(List<Entry> entries, boolean last) implements Listing {
      public Page {
        entries = List.copyOf(entries);
      }
    }

    /** The provider refuses this request, such as its filter. */
    record Refused() implements Listing {}
  }

  /**
   * A prediction in the list.
   *
   * @param generation from the echoed webhook URL, if it is one of ours
   * @param createdAt if the provider states it
   */
  record Entry(
      Prediction prediction, Optional<GenerationId> generation, Optional<Instant> createdAt) {}

  sealed interface Cancellation {
    /**
     * Accepted; the prediction may still end in another way.
     *
     * @param prediction if the response contains it
     */
    record Accepted(Optional<Prediction> prediction) implements Cancellation {}

    /** Not cancelable: the prediction has ended or is unknown. */
    record Refused() implements Cancellation {}
  }

  sealed interface Deletion {
    record Deleted() implements Deletion {}

    /** Unknown, or not deletable. */
    record Refused() implements Deletion {}
  }

  /**
   * No usable response.
   *
   * @param extent which other calls would fail as well
   * @param retryAfter as the provider asked
   */
  record Unavailable(Extent extent, Optional<Duration> retryAfter)
      implements LookupResult, Listing, Cancellation, Deletion {
    /** Which calls are affected. */
    public enum Extent {
      /** All calls: the provider is unreachable, or refuses or limits the account. */
      ACCOUNT,
      /** Only this call. */
      CALL
    }
  }
}
