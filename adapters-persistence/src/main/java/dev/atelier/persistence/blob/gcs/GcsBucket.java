package dev.atelier.persistence.blob.gcs;

import com.google.cloud.BaseServiceException;
import com.google.cloud.NoCredentials;
import com.google.cloud.ReadChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobField;
import com.google.cloud.storage.Storage.BlobGetOption;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BlobSourceOption;
import dev.atelier.application.port.ByteRange;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.BlobKey;
import dev.atelier.persistence.blob.BlockInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The operations on one bucket, except uploads and links. */
final class GcsBucket {
  static final String CREATE = "storage.objects.create";
  private static final String GET = "storage.objects.get";
  private static final String DELETE = "storage.objects.delete";

  /** Without it, Google reports a missing object as 403 instead of 404. */
  private static final String LIST = "storage.objects.list";

  private static final List<String> PERMISSIONS = List.of(CREATE, GET, DELETE, LIST);

  private final GcsSettings settings;
  private final GcsClient client;
  private final GcsErrors errors;

  GcsBucket(GcsSettings settings, GcsClient client) {
    this.settings = settings;
    this.client = client;
    this.errors = new GcsErrors(settings.bucket());
  }

  /** An emulator has no permissions, so there the bucket is listed. */
  void check() {
    Storage storage = client.get();
    try {
      if (storage.getOptions().getCredentials() instanceof NoCredentials) {
        var _ = storage.list(settings.bucket(), BlobListOption.pageSize(1));
      } else {
        requirePermissions(storage.testIamPermissions(settings.bucket(), PERMISSIONS));
      }
    } catch (BaseServiceException e) {
      throw errors.unavailable(e, LIST);
    }
  }

  private void requirePermissions(List<Boolean> held) {
    var missing = new ArrayList<String>();
    for (int i = 0; i < PERMISSIONS.size(); i++) {
      if (!held.get(i)) {
        missing.add(PERMISSIONS.get(i));
      }
    }
    if (!missing.isEmpty()) {
      throw new UnavailableException(
          "the service account lacks "
              + String.join(", ", missing)
              + " on the bucket "
              + settings.bucket(),
          new IllegalStateException("grant the role Storage Object User"));
    }
  }

  UnavailableException unavailable(Throwable thrown, String permission) {
    return errors.unavailable(thrown, permission);
  }

  /** Reads this version, even if it is replaced meanwhile. */
  InputStream read(Blob blob, ByteRange range) {
    if (range.first() >= blob.getSize()) {
      return InputStream.nullInputStream();
    }
    ReadChannel channel = blob.reader(Blob.BlobSourceOption.generationMatch());
    channel.setChunkSize(GcsClient.CHUNK_BYTES);
    try {
      channel.seek(range.first());
    } catch (IOException e) {
      throw errors.unavailable(e, GET);
    }
    long end = Math.min(blob.getSize(), range.first() + range.length());
    return new GcsInputStream(Channels.newInputStream(channel.limit(end)));
  }

  /** Removes the URLs from Google's messages. */
  private static final class GcsInputStream extends BlockInputStream {
    private final InputStream in;

    GcsInputStream(InputStream in) {
      this.in = in;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      try {
        return in.read(into, offset, length);
      } catch (IOException | BaseServiceException e) {
        throw GcsErrors.withoutMessage(e);
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  void delete(Blob blob) {
    try {
      var _ = client.get().delete(blob.getBlobId(), BlobSourceOption.generationMatch());
    } catch (BaseServiceException e) {
      if (!GcsErrors.isPreconditionFailed(e)) {
        throw errors.unavailable(e, DELETE);
      }
    }
  }

  Optional<Blob> metadata(BlobKey key) {
    Blob blob;
    try {
      blob =
          client
              .get()
              .get(
                  id(key),
                  BlobGetOption.fields(BlobField.GENERATION, BlobField.SIZE, BlobField.CRC32C));
    } catch (BaseServiceException e) {
      throw errors.unavailable(e, GET);
    }
    if (blob == null) {
      requireBucket();
    }
    return Optional.ofNullable(blob);
  }

  /** Google answers 404 also for a missing bucket. */
  private void requireBucket() {
    try {
      var _ = client.get().list(settings.bucket(), BlobListOption.pageSize(1));
    } catch (BaseServiceException e) {
      throw errors.unavailable(e, LIST);
    }
  }

  BlobId id(BlobKey key) {
    return BlobId.of(settings.bucket(), settings.prefix() + key);
  }
}
