package dev.atelier.application.upload;

import dev.atelier.application.port.BlobLink;
import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.ByteRange;
import dev.atelier.application.port.Uploads;
import dev.atelier.application.query.AccessScope;
import dev.atelier.application.query.GetOutput;
import dev.atelier.domain.Asset;
import dev.atelier.domain.Upload;
import dev.atelier.domain.UploadId;
import java.io.InputStream;
import java.time.Clock;
import java.util.Optional;

/** Finds uploads in the table and their bytes in the blob store. */
public final class UploadService implements GetUpload, DeleteUpload {
  private final Uploads uploads;
  private final BlobStore blobs;
  private final Clock clock;

  public UploadService(Uploads uploads, BlobStore blobs, Clock clock) {
    this.uploads = uploads;
    this.blobs = blobs;
    this.clock = clock;
  }

  @Override
  public GetOutput.Result get(AccessScope scope, UploadId id) {
    return find(scope, id)
        .<GetOutput.Result>map(
            upload -> new GetOutput.Result.Found(upload.asset(), new StoredContent(upload.asset())))
        .orElseGet(GetOutput.Result.NotFound::new);
  }

  @Override
  public boolean delete(AccessScope scope, UploadId id) {
    Optional<Upload> found = find(scope, id);
    found.ifPresent(upload -> uploads.delete(upload.id(), clock.instant()));
    return found.isPresent();
  }

  private Optional<Upload> find(AccessScope scope, UploadId id) {
    return uploads
        .find(id, clock.instant())
        .filter(upload -> scope.owner().map(upload.owner()::equals).orElse(true));
  }

  private final class StoredContent implements GetOutput.Content {
    private final Asset asset;

    StoredContent(Asset asset) {
      this.asset = asset;
    }

    @Override
    public Optional<BlobLink> link(String disposition) {
      return blobs.link(asset.key(), disposition);
    }

    @Override
    public Optional<InputStream> open(ByteRange range) {
      return blobs.open(asset.key(), range);
    }
  }
}
