package dev.atelier.persistence.blob.gcs;

import dev.atelier.application.port.Noise;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.MediaType;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/** Stores sixteen videos of 48 MiB at once, and fails if one of them is not stored. */
final class GcsUploads {
  private static final long SIZE = 48L * 1024 * 1024;

  private GcsUploads() {}

  @SuppressWarnings("SystemOut") // read by the parent process
  public static void main(String[] args) throws Exception {
    var blobs =
        new GcsBlobStore(
            GcsSettings.parse("gs://" + FakeGcs.BUCKET).at(URI.create(args[0])), Clock.systemUTC());
    List<Callable<Asset>> uploads = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      var key = BlobKey.of(new GenerationId(UUID.randomUUID()), 0, MediaType.MP4);
      uploads.add(() -> blobs.put(key, MediaType.MP4, new Noise(SIZE)));
    }
    int stored = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var upload : threads.invokeAll(uploads)) {
        if (upload.get().bytes() == SIZE) {
          stored++;
        }
      }
    }
    System.out.println(stored + " stored");
  }
}
