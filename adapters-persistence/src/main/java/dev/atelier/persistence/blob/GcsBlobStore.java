package dev.atelier.persistence.blob;

import com.google.cloud.BaseServiceException;
import com.google.cloud.NoCredentials;
import com.google.cloud.ReadChannel;
import com.google.cloud.WriteChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobField;
import com.google.cloud.storage.Storage.BlobGetOption;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BlobSourceOption;
import com.google.cloud.storage.Storage.BlobWriteOption;
import dev.atelier.application.port.BlobLink;
import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.ByteRange;
import dev.atelier.application.port.Dependency;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link BlobStore} in a bucket of Google Cloud Storage. A blob is uploaded in chunks, on the
 * condition that nothing has its name yet, and is there once the last chunk is: an upload that
 * breaks off leaves nothing behind. The bucket's own checksum is compared with ours.
 */
public final class GcsBlobStore implements BlobStore, Dependency {
  private static final Logger log = LoggerFactory.getLogger(GcsBlobStore.class);

  /** A blob never changes, so whoever has it may keep it; but it may be somebody's own. */
  private static final String CACHE_CONTROL = "private, max-age=31536000, immutable";

  private static final int BUFFER_BYTES = 64 * 1024;

  private static final String CREATE = "storage.objects.create";
  private static final String GET = "storage.objects.get";
  private static final String DELETE = "storage.objects.delete";

  /** Without it, Google says of what is not there that it may not be seen. */
  private static final String LIST = "storage.objects.list";

  private static final List<String> PERMISSIONS = List.of(CREATE, GET, DELETE, LIST);

  private final GcsSettings settings;
  private final GcsClient client;
  private final GcsLinks links;
  private final GcsErrors errors;

  /** Touches nothing yet; credentials are those that Google's libraries find by themselves. */
  public GcsBlobStore(GcsSettings settings, Clock clock) {
    this(settings, GcsClient.standardCredentials(settings), clock, GcsClient.FIRST_PAUSE);
  }

  /**
   * Wires it.
   *
   * @param firstPause before the first retry of a call
   */
  GcsBlobStore(
      GcsSettings settings,
      GcsClient.CredentialsSource credentials,
      Clock clock,
      Duration firstPause) {
    this.settings = settings;
    this.client = new GcsClient(settings, credentials, clock, firstPause);
    this.links = new GcsLinks(settings, client, clock);
    this.errors = new GcsErrors(settings.bucket());
  }

  @Override
  public String name() {
    return "storage";
  }

  /** Asks for each permission that is needed. An emulator knows none: there, a look must do. */
  @Override
  public void check() {
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
    links.check();
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
          "we lack " + String.join(", ", missing) + " on the bucket " + settings.bucket(),
          new IllegalStateException("the role Storage Object User has them"));
    }
  }

  /**
   * Uploads the blob. Where there is one already, its size and checksum tell whether it is the
   * same; if it is not, it was the result of an earlier try, and it is read to describe it.
   */
  @Override
  public Asset put(BlobKey key, MediaType type, InputStream source) throws IOException {
    var content = new SummedInputStream(source);
    byte[] buffer = new byte[BUFFER_BYTES];
    int length = content.readNBytes(buffer, 0, buffer.length);
    if (length == 0) {
      throw new IllegalArgumentException("a blob must not be empty");
    }
    try {
      upload(key, type, content, buffer, length);
    } catch (RuntimeException | UploadException e) {
      if (GcsErrors.isPreconditionFailed(e)) {
        return already(key, type, content);
      }
      throw e instanceof UnavailableException known ? known : errors.unavailable(e, CREATE);
    }
    requireSame(key, content);
    return content.asset(key, type);
  }

  /**
   * What must not be displayed is an attachment by its own metadata, too: a public address takes no
   * disposition from us.
   */
  private BlobInfo describe(BlobKey key, MediaType type) {
    BlobInfo.Builder blob =
        BlobInfo.newBuilder(id(key)).setContentType(type.value()).setCacheControl(CACHE_CONTROL);
    if (!type.isInline()) {
      blob.setContentDisposition("attachment");
    }
    return blob.build();
  }

  /** Leaves the upload open where the source breaks off: to close it would be to complete it. */
  private void upload(BlobKey key, MediaType type, InputStream content, byte[] buffer, int head)
      throws IOException, UploadException {
    WriteChannel upload = client.get().writer(describe(key, type), BlobWriteOption.doesNotExist());
    upload.setChunkSize(GcsClient.CHUNK_BYTES);
    for (int length = head; length > 0; length = content.readNBytes(buffer, 0, buffer.length)) {
      write(upload, ByteBuffer.wrap(buffer, 0, length));
    }
    try {
      upload.close();
    } catch (IOException e) {
      throw new UploadException(e);
    }
  }

  private static void write(WriteChannel upload, ByteBuffer bytes) throws UploadException {
    try {
      while (bytes.hasRemaining()) {
        upload.write(bytes);
      }
    } catch (IOException e) {
      throw new UploadException(e);
    }
  }

  /** Tells what the bucket has thrown from what the source has thrown. */
  private static final class UploadException extends Exception {
    private static final long serialVersionUID = 1L;

    UploadException(Exception cause) {
      super(cause);
    }
  }

  /** What was damaged on its way is no blob. */
  private void requireSame(BlobKey key, SummedInputStream content) {
    Optional<Blob> stored = metadata(key);
    if (stored.filter(content::isWhatIsStoredAs).isPresent()) {
      return;
    }
    stored.ifPresent(this::delete);
    throw new UnavailableException(
        "the bucket " + settings.bucket() + " has kept other bytes than it was sent",
        new IllegalStateException("size or checksum differ"));
  }

  private Asset already(BlobKey key, MediaType type, SummedInputStream content) throws IOException {
    content.readToTheEnd();
    Optional<Blob> there = metadata(key);
    if (there.filter(content::isWhatIsStoredAs).isPresent()) {
      return content.asset(key, type);
    }
    log.warn("{} is in the bucket already, with other bytes than these; those stay", key);
    return find(key, type)
        .orElseThrow(
            () ->
                new UnavailableException(
                    "a blob was there and is gone", new IllegalStateException("it was deleted")));
  }

  @Override
  public Optional<Asset> find(BlobKey key, MediaType type) {
    Optional<Blob> there = metadata(key);
    if (there.isEmpty()) {
      return Optional.empty();
    }
    try (var content = new SummedInputStream(read(there.get(), ByteRange.all()))) {
      content.readToTheEnd();
      if (!content.isWhatIsStoredAs(there.get())) {
        throw new IOException("size or checksum differ");
      }
      return Optional.of(content.asset(key, type));
    } catch (IOException e) {
      throw new UnavailableException("the bucket " + settings.bucket() + " cannot be read", e);
    }
  }

  @Override
  public Optional<InputStream> open(BlobKey key, ByteRange range) {
    return metadata(key).map(blob -> read(blob, range));
  }

  /** Of this generation of the object, whatever becomes of the name meanwhile. */
  private InputStream read(Blob blob, ByteRange range) {
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

  /** Google's failures, which are no {@link IOException}s, as such; and without addresses. */
  private static final class GcsInputStream extends InputStream {
    private final InputStream in;

    GcsInputStream(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
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

  @Override
  public Optional<BlobLink> link(BlobKey key, String disposition) {
    return links.get(key, disposition, () -> metadata(key).isPresent());
  }

  /** Only what was there: what somebody puts there meanwhile is another blob. */
  @Override
  public void delete(BlobKey key) {
    links.forget(key);
    metadata(key).ifPresent(this::delete);
  }

  private void delete(Blob blob) {
    try {
      var _ = client.get().delete(blob.getBlobId(), BlobSourceOption.generationMatch());
    } catch (BaseServiceException e) {
      if (!GcsErrors.isPreconditionFailed(e)) {
        throw errors.unavailable(e, DELETE);
      }
    }
  }

  private Optional<Blob> metadata(BlobKey key) {
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

  /** Without its bucket the store is not empty but gone, and Google answers the same for both. */
  private void requireBucket() {
    try {
      var _ = client.get().list(settings.bucket(), BlobListOption.pageSize(1));
    } catch (BaseServiceException e) {
      throw errors.unavailable(e, LIST);
    }
  }

  private BlobId id(BlobKey key) {
    return BlobId.of(settings.bucket(), settings.prefix() + key);
  }
}
