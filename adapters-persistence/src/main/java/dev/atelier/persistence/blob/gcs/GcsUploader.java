package dev.atelier.persistence.blob.gcs;

import com.google.cloud.WriteChannel;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage.BlobWriteOption;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Uploads blobs in chunks, without replacing existing objects. */
final class GcsUploader {
  /** Blobs never change, but are private, so shared caches must not keep them. */
  private static final String CACHE_CONTROL = "private, max-age=31536000, immutable";

  private final GcsBucket bucket;
  private final GcsClient client;

  GcsUploader(GcsBucket bucket, GcsClient client) {
    this.bucket = bucket;
    this.client = client;
  }

  /**
   * Uploads unless the object exists; then returns false.
   *
   * @param buffer the first {@code head} bytes; reused for the rest
   * @throws IOException if the source fails
   */
  boolean createIfAbsent(BlobKey key, MediaType type, InputStream content, byte[] buffer, int head)
      throws IOException {
    try {
      upload(key, type, content, buffer, head);
      return true;
    } catch (UploadException e) {
      if (GcsErrors.isPreconditionFailed(e)) {
        return false;
      }
      throw e.getCause() instanceof UnavailableException known
          ? known
          : bucket.unavailable(e, GcsBucket.CREATE);
    }
  }

  /** A public URL takes no disposition from us, so the metadata marks attachments. */
  private BlobInfo describe(BlobKey key, MediaType type) {
    BlobInfo.Builder blob =
        BlobInfo.newBuilder(bucket.id(key))
            .setContentType(type.value())
            .setCacheControl(CACHE_CONTROL);
    if (!type.isInline()) {
      blob.setContentDisposition("attachment");
    }
    return blob.build();
  }

  /** If the source fails, the channel stays open: closing would complete the upload. */
  private void upload(BlobKey key, MediaType type, InputStream content, byte[] buffer, int head)
      throws IOException, UploadException {
    WriteChannel upload = open(key, type);
    for (int length = head; length > 0; length = content.readNBytes(buffer, 0, buffer.length)) {
      write(upload, ByteBuffer.wrap(buffer, 0, length));
    }
    try {
      upload.close();
    } catch (IOException | RuntimeException e) {
      throw new UploadException(e);
    }
  }

  private WriteChannel open(BlobKey key, MediaType type) throws UploadException {
    try {
      WriteChannel upload =
          client.get().writer(describe(key, type), BlobWriteOption.doesNotExist());
      upload.setChunkSize(GcsClient.CHUNK_BYTES);
      return upload;
    } catch (RuntimeException e) {
      throw new UploadException(e);
    }
  }

  private static void write(WriteChannel upload, ByteBuffer bytes) throws UploadException {
    try {
      while (bytes.hasRemaining()) {
        upload.write(bytes);
      }
    } catch (IOException | RuntimeException e) {
      throw new UploadException(e);
    }
  }

  /** The bucket failed, not the source. */
  private static final class UploadException extends Exception {
    private static final long serialVersionUID = 1L;

    UploadException(Exception cause) {
      super(cause);
    }
  }
}
