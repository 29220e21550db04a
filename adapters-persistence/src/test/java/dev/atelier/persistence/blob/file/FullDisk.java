package dev.atelier.persistence.blob.file;

import dev.atelier.application.port.Noise;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.MediaType;
import java.nio.file.Path;
import java.time.Clock;
import java.util.UUID;

/** Stores a blob that does not fit, then one that does. */
final class FullDisk {
  static final BlobKey TOO_BIG = BlobKey.of(new GenerationId(new UUID(0, 1)), 0, MediaType.PNG);
  static final BlobKey SMALL = BlobKey.of(new GenerationId(new UUID(0, 2)), 0, MediaType.PNG);

  private FullDisk() {}

  @SuppressWarnings("SystemOut") // read by the parent process
  public static void main(String[] args) throws Exception {
    var blobs = new FileBlobStore(Path.of(args[0]), Clock.systemUTC());
    blobs.check();
    try {
      blobs.put(TOO_BIG, MediaType.PNG, new Noise(3_000_000));
    } catch (UnavailableException e) {
      System.out.println("refused: " + e.getMessage() + ", " + e.getCause());
    }
    System.out.println("there: " + blobs.find(TOO_BIG, MediaType.PNG).isPresent());
    System.out.println("kept: " + blobs.put(SMALL, MediaType.PNG, new Noise(100_000)).bytes());
    blobs.check();
  }
}
