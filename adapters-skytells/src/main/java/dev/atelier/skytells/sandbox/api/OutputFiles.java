package dev.atelier.skytells.sandbox.api;

import dev.atelier.skytells.sandbox.picture.Picture;
import dev.atelier.skytells.sandbox.picture.Restyled;
import dev.atelier.skytells.sandbox.video.Zoom;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Makes the files of outputs when they are first needed. Thread-safe. */
public final class OutputFiles {
  private final InputImages inputs;
  private final Map<String, SoftReference<byte[]>> files = new ConcurrentHashMap<>();

  /** More threads than processors would only need more memory. */
  private final Semaphore drawing = new Semaphore(Runtime.getRuntime().availableProcessors());

  public OutputFiles(InputImages inputs) {
    this.inputs = inputs;
  }

  /**
   * The content of an output.
   *
   * @param n its index
   */
  byte[] file(Job job, int n) {
    String key = key(job, n);
    drawing.acquireUninterruptibly();
    try {
      SoftReference<byte[]> cached = files.get(key);
      byte[] bytes = cached == null ? null : cached.get();
      if (bytes == null) {
        bytes = draw(job, n);
        files.put(key, new SoftReference<>(bytes));
      }
      return bytes;
    } finally {
      drawing.release();
    }
  }

  /** Deletes the files and the images that they are made of. */
  void delete(Job job) {
    for (int n = 0; n < job.createRequest().outputs(); n++) {
      files.remove(key(job, n));
    }
    inputs.drop(job);
  }

  private static String key(Job job, int n) {
    return job.id() + "/" + n;
  }

  private byte[] draw(Job job, int n) {
    return switch (job.createRequest().medium()) {
      case IMAGE -> picture(job, n);
      case VIDEO -> video(job);
      case AUDIO -> job.createRequest().melody().wav();
    };
  }

  private byte[] picture(Job job, int n) {
    CreateRequest createRequest = job.createRequest();
    PictureSize size = createRequest.size();
    List<BufferedImage> sources = inputs.of(job);
    if (!sources.isEmpty()) {
      return new Restyled(createRequest.prompt(), n, sources, size.width(), size.height()).png();
    }
    long seed = createRequest.parameters().seed().orElse(job.id().hashCode()) + ((long) n << 32);
    return new Picture(createRequest.prompt(), seed, size.width(), size.height()).png();
  }

  private byte[] video(Job job) {
    List<BufferedImage> sources = inputs.of(job);
    return sources.isEmpty()
        ? clip()
        : new Zoom(sources.getFirst(), (int) job.createRequest().seconds()).mp4();
  }

  private static byte[] clip() {
    try (InputStream clip = OutputFiles.class.getResourceAsStream("clip.mp4")) {
      return clip.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
