package dev.atelier.persistence.blob.gcs;

import com.google.auth.Retryable;
import com.google.cloud.storage.StorageException;
import dev.atelier.application.port.UnavailableException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Translates Google's exceptions. Their messages are dropped, because they may contain upload URLs,
 * which grant write access.
 */
final class GcsErrors {
  private final String bucket;

  GcsErrors(String bucket) {
    this.bucket = bucket;
  }

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
          case 403 -> "the bucket " + bucket + " denied access: missing permission " + permission;
          case 404 -> "the bucket " + bucket + " does not exist";
          case 429 -> "the bucket " + bucket + " has reached its rate limit";
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

  private static boolean areCredentialsRefused(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof Retryable auth && !auth.isRetryable()) {
        return true;
      }
    }
    return false;
  }

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

  /** Keeps the types, codes and reasons of the causes, and the innermost stack trace. */
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
