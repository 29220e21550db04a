package dev.atelier.persistence.blob;

import com.google.auth.Retryable;
import com.google.cloud.storage.StorageException;
import dev.atelier.application.port.UnavailableException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Tells what is wrong with a bucket in words that name what an operator has to do. Google's own
 * messages have addresses in them that let whoever reads them write to the bucket, so they stay
 * here; what is kept of them is the status and the reason.
 */
final class GcsErrors {
  private final String bucket;

  GcsErrors(String bucket) {
    this.bucket = bucket;
  }

  /**
   * What a failed call means.
   *
   * @param permission what the call needs
   */
  UnavailableException unavailable(Throwable thrown, String permission) {
    StorageException e = storageException(thrown);
    if (areCredentialsRefused(thrown)) {
      return new UnavailableException(refused(), withoutMessage(thrown));
    }
    if (e == null) {
      return new UnavailableException(
          "the bucket " + bucket + " cannot be reached", withoutMessage(thrown));
    }
    String what =
        switch (e.getCode()) {
          case 401 -> refused();
          case 403 ->
              "the bucket " + bucket + " refuses us; the permission " + permission + " is missing";
          case 404 -> "the bucket " + bucket + " does not exist";
          case 429 -> "the bucket " + bucket + " is asked too often";
          default ->
              "the bucket "
                  + bucket
                  + (e.getCode() >= 400 ? " does not work" : " cannot be reached");
        };
    return new UnavailableException(what, withoutMessage(e));
  }

  private String refused() {
    return "Google does not accept our credentials for the bucket " + bucket;
  }

  /** What the libraries say when a token is refused, which is before the bucket is asked. */
  private static boolean areCredentialsRefused(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof Retryable auth && !auth.isRetryable()) {
        return true;
      }
    }
    return false;
  }

  /** Whether the thing exists already, or is not the one that was meant. */
  static boolean isPreconditionFailed(Throwable thrown) {
    StorageException e = storageException(thrown);
    return e != null && e.getCode() == 412;
  }

  private static @Nullable StorageException storageException(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof StorageException e) {
        return e;
      }
    }
    return null;
  }

  /** The kinds of everything that went wrong, the innermost last and with its stack. */
  static IOException withoutMessage(Throwable thrown) {
    var kinds = new StringBuilder();
    Throwable innermost = thrown;
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      kinds.append(kinds.isEmpty() ? "" : ", by ").append(cause.getClass().getSimpleName());
      if (cause instanceof StorageException e) {
        kinds.append(' ').append(e.getCode());
        if (e.getReason() != null) {
          kinds.append(' ').append(e.getReason());
        }
      }
      innermost = cause;
    }
    var known = new IOException(kinds.toString());
    known.setStackTrace(innermost.getStackTrace());
    return known;
  }
}
