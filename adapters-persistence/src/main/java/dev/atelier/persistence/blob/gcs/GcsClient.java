package dev.atelier.persistence.blob.gcs;

import com.google.api.core.ApiClock;
import com.google.api.gax.retrying.RetrySettings;
import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.http.HttpTransportOptions;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import dev.atelier.application.port.UnavailableException;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Creates the Storage client on first use, because finding credentials may use the network. */
final class GcsClient {
  /** Buffer of one upload; Google requires a multiple of 256 KiB. */
  static final int CHUNK_BYTES = 1024 * 1024;

  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

  /**
   * Doubles with each retry. The total is short, because outputs expire after five minutes and the
   * spool can take them.
   */
  static final Duration FIRST_PAUSE = Duration.ofMillis(200);

  private final GcsSettings settings;
  private final CredentialsSource credentials;
  private final Clock clock;
  private final RetrySettings retries;
  private @Nullable Storage storage;

  interface CredentialsSource {
    Credentials get() throws IOException;
  }

  GcsClient(GcsSettings settings, CredentialsSource credentials, Clock clock, Duration firstPause) {
    this.settings = settings;
    this.credentials = credentials;
    this.clock = clock;
    this.retries = retries(firstPause);
  }

  private static RetrySettings retries(Duration firstPause) {
    return RetrySettings.newBuilder()
        .setInitialRetryDelayDuration(firstPause)
        .setRetryDelayMultiplier(2)
        .setMaxRetryDelayDuration(firstPause.multipliedBy(10))
        .setMaxAttempts(4)
        .setTotalTimeoutDuration(Duration.ofSeconds(30))
        .build();
  }

  /** An emulator needs no credentials. */
  static CredentialsSource standardCredentials(GcsSettings settings) {
    return settings.endpoint().isPresent()
        ? NoCredentials::getInstance
        : () -> scoped(GoogleCredentials.getApplicationDefault());
  }

  /** The only scope that both Cloud Storage and signBlob accept. */
  static GoogleCredentials scoped(GoogleCredentials found) {
    return found.createScoped("https://www.googleapis.com/auth/cloud-platform");
  }

  /**
   * The next call tries again.
   *
   * @throws UnavailableException if there are no credentials
   */
  synchronized Storage get() {
    if (storage == null) {
      storage = connect();
    }
    return storage;
  }

  private Storage connect() {
    Credentials found;
    try {
      found = credentials.get();
    } catch (IOException e) {
      throw new UnavailableException(
          "no Google credentials found for the bucket "
              + settings.bucket()
              + ": set GOOGLE_APPLICATION_CREDENTIALS, or run as a service account",
          GcsErrors.withoutMessage(e));
    }
    StorageOptions.Builder options =
        StorageOptions.http()
            .setTransportOptions(
                HttpTransportOptions.newBuilder()
                    .setConnectTimeout(Math.toIntExact(CONNECT_WITHIN.toMillis()))
                    .setReadTimeout(Math.toIntExact(ANSWER_WITHIN.toMillis()))
                    .build());
    options
        .setCredentials(found)
        // Our calls need no project; without one, the client would look it up over the network.
        .setProjectId("unused")
        .setRetrySettings(retries)
        .setClock(apiClock(clock));
    settings.endpoint().map(URI::toString).ifPresent(options::setHost);
    return options.build().getService();
  }

  private static ApiClock apiClock(Clock clock) {
    return new ApiClock() {
      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public long millisTime() {
        return clock.millis();
      }
    };
  }
}
