package dev.atelier.application.query;

import dev.atelier.application.port.BlobLink;
import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.ByteRange;
import dev.atelier.application.port.Generations;
import dev.atelier.domain.Asset;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the asset in the row and its bytes in the blob store. */
public final class GetOutputService implements GetOutput {
  private static final Logger log = LoggerFactory.getLogger(GetOutputService.class);

  private final Generations generations;
  private final BlobStore blobs;

  public GetOutputService(Generations generations, BlobStore blobs) {
    this.generations = generations;
    this.blobs = blobs;
  }

  @Override
  public Result get(Query query) {
    List<Asset> assets =
        query
            .scope()
            .find(generations, query.id())
            // Output numbers may change until the generation has ended.
            .filter(generation -> !generation.isActive())
            .map(generation -> generation.state().storedAssets())
            .orElseGet(List::of);
    if (query.index() < 0 || query.index() >= assets.size()) {
      return new Result.NotFound();
    }
    Asset asset = assets.get(query.index());
    return new Result.Found(asset, new StoredContent(query, asset));
  }

  private final class StoredContent implements Content {
    private final Query query;
    private final Asset asset;

    StoredContent(Query query, Asset asset) {
      this.query = query;
      this.asset = asset;
    }

    @Override
    public Optional<BlobLink> link(String disposition) {
      return blobs.link(asset.key(), disposition);
    }

    @Override
    public Optional<InputStream> open(ByteRange range) {
      Optional<InputStream> bytes = blobs.open(asset.key(), range);
      // If the row still exists, the blob was not removed by a concurrent delete.
      if (bytes.isEmpty() && generations.find(query.id()).isPresent()) {
        log.error(
            "stored output missing from the storage: generation={} output={} key={}",
            query.id(),
            query.index(),
            asset.key());
      }
      return bytes;
    }
  }
}
