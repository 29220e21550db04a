package dev.atelier.application.port;

import dev.atelier.domain.Failure;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.GenerationRequest;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** Skytells' predictions: paid work. No method throws for anything that Skytells does or says. */
public interface Predictions {
  /**
   * Asks Skytells for a prediction, to be reported to the webhook of this generation. It costs
   * money and cannot be repeated safely, so it is sent again only while it is certain that nothing
   * was accepted.
   *
   * @param id goes into the webhook's address, so that even a webhook that comes before this
   *     returns finds its generation
   */
  Submission submit(GenerationId id, GenerationRequest request);

  /**
   * Looks at one prediction. Changes nothing, and may be repeated, but not often: it is counted.
   */
  LookupResult find(PredictionId id);

  /** The same; how often it is sent is up to the caller. */
  default LookupResult find(PredictionId id, Tries tries) {
    return find(id);
  }

  /**
   * Looks at the account's predictions, so that one whose create reply was lost can be found by the
   * webhook's address that it echoes. In which order they come is not documented. Sent once.
   *
   * @param page counted from 1; a page has at most 50 predictions
   */
  Listing list(int page);

  /**
   * The same with a filter, which the provider may ignore or refuse: the caller checks what comes.
   */
  default Listing list(int page, Filter filter) {
    return list(page);
  }

  /**
   * Asks Skytells to call a prediction off. May be repeated; what became of it is seen by looking.
   */
  Cancellation cancel(PredictionId id);

  /** The same; how often it is sent is up to the caller. */
  default Cancellation cancel(PredictionId id, Tries tries) {
    return cancel(id);
  }

  /** Asks Skytells to forget a prediction and its outputs. It cannot be undone; may be repeated. */
  Deletion delete(PredictionId id);

  /** What the account may ask, as far as Skytells has said. Asks nobody. */
  default RequestLimits limits() {
    return RequestLimits.UNKNOWN;
  }

  /** How often a call is sent while its answer says nothing. */
  enum Tries {
    /** Again and again for a few seconds: a client is waiting. */
    SEVERAL,
    /** Once, with a short timeout: the caller repeats it by itself. */
    ONE
  }

  /**
   * Which predictions a list should show.
   *
   * @param succeeded only those that have succeeded
   * @param from only those created on this day or later, in UTC
   */
  record Filter(boolean succeeded, Optional<LocalDate> from) {
    /** All of them. */
    public static final Filter NONE = new Filter(false, Optional.empty());

    /** Only those that have succeeded. */
    public static final Filter SUCCEEDED = new Filter(true, Optional.empty());

    /** Only those of that day and later. */
    public static Filter from(LocalDate day) {
      return new Filter(false, Optional.of(day));
    }
  }

  /** What became of a submission. */
  sealed interface Submission {
    /**
     * Skytells has taken it on.
     *
     * @param prediction may have ended already
     */
    record Accepted(Prediction prediction) implements Submission {}

    /**
     * Skytells has certainly not taken it on.
     *
     * @param retryAfter when Skytells would like to be asked again, if it said so
     */
    record Refused(Failure failure, Optional<Duration> retryAfter) implements Submission {}

    /**
     * It may have been taken on: the answer was lost, late or unreadable.
     *
     * @param diagnostic what happened, for the operator's log; without upstream's words
     */
    record Unconfirmed(String diagnostic) implements Submission {}
  }

  /** What a look at one prediction showed. */
  sealed interface LookupResult {
    /** How it stands. */
    record Found(Prediction prediction) implements LookupResult {}

    /**
     * Skytells says that it knows no such prediction. Never proof that it is lost: the same is said
     * of one that is there, while something behind Skytells' door is broken.
     */
    record NotFound() implements LookupResult {}
  }

  /** What a look at the list showed. */
  sealed interface Listing {
    /**
     * One page of it.
     *
     * @param entries those that could be read
     * @param last whether no page follows
     */
    record Page(List<Entry> entries, boolean last) implements Listing {
      /** Copies the list. */
      public Page {
        entries = List.copyOf(entries);
      }
    }

    /** The provider does not accept the question, such as a filter; others it may accept. */
    record Refused() implements Listing {}
  }

  /**
   * One prediction in the list.
   *
   * @param generation whose webhook's address it echoes, if it echoes one of ours
   * @param createdAt when Skytells says it was accepted, if it says so
   */
  record Entry(
      Prediction prediction, Optional<GenerationId> generation, Optional<Instant> createdAt) {}

  /** What became of the wish to call a prediction off. */
  sealed interface Cancellation {
    /**
     * Skytells has taken the wish on; the prediction may still end in another way.
     *
     * @param prediction as it stands, if Skytells showed it
     */
    record Accepted(Optional<Prediction> prediction) implements Cancellation {}

    /** Not to be called off: it has ended, or is not known. To be looked at again. */
    record Refused() implements Cancellation {}
  }

  /** What became of the wish to have a prediction forgotten. */
  sealed interface Deletion {
    /** Forgotten. */
    record Deleted() implements Deletion {}

    /** Not forgotten: it is not known, or may not be deleted. */
    record Refused() implements Deletion {}
  }

  /**
   * The call was not answered, or by something that says nothing about the prediction.
   *
   * @param extent which other calls would fare no better
   * @param retryAfter when Skytells would like to be asked again, if it said so
   */
  record Unavailable(Extent extent, Optional<Duration> retryAfter)
      implements LookupResult, Listing, Cancellation, Deletion {
    /** How far a failure reaches. */
    public enum Extent {
      /** Every call of the account: Skytells is not reached, or refuses us, or is busy. */
      ACCOUNT,
      /** This call; another one may be answered. */
      CALL
    }
  }
}
