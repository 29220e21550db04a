package dev.atelier.persistence.blob.gcs;

import com.google.cloud.NoCredentials;
import com.google.cloud.storage.BucketInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.BlobStoreContract;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** On the local fake or, with {@code -Dgcs.endpoint=http://…}, on a running emulator. */
class GcsBlobStoreIT implements BlobStoreContract {
  private static final FakeGcs GCS = FakeGcs.start();
  private static final URI ENDPOINT =
      Optional.ofNullable(System.getProperty("gcs.endpoint"))
          .map(URI::create)
          .orElseGet(GCS::endpoint);

  private final GcsBlobStore blobs = on(ENDPOINT);

  static GcsBlobStore on(URI endpoint) {
    return new GcsBlobStore(
        GcsSettings.parse("gs://" + FakeGcs.BUCKET + "/some/prefix").at(endpoint),
        Clock.systemUTC());
  }

  /** Creates the test bucket on an emulator. */
  static void makeBucket(URI endpoint) {
    StorageOptions.Builder options = StorageOptions.http();
    options.setHost(endpoint.toString()).setCredentials(NoCredentials.getInstance());
    Storage storage = options.setProjectId("test").build().getService();
    if (storage.get(FakeGcs.BUCKET) == null) {
      var _ = storage.create(BucketInfo.of(FakeGcs.BUCKET));
    }
  }

  @BeforeAll
  static void makeBucket() {
    if (!ENDPOINT.equals(GCS.endpoint())) {
      makeBucket(ENDPOINT);
    }
  }

  @AfterAll
  static void close() {
    GCS.close();
  }

  @Override
  public BlobStore blobs() {
    return blobs;
  }
}
