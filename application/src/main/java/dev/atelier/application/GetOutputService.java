package dev.atelier.application;

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

  /** Wires the use case. */
  public GetOutputService(Generations generations, BlobStore blobs) {
    this.generations = generations;
    this.blobs = blobs;
  }

  @Override
  public Result get(Query query) {
    List<Asset> assets =
        query
            .viewer()
            .find(generations, query.id())
            .filter(generation -> !generation.isActive()) // until then the numbers may still shift
            .map(generation -> generation.state().storedAssets())
            .orElseGet(List::of);
    if (query.index() < 0 || query.index() >= assets.size()) {
      return new Result.NotFound();
    }
    Asset asset = assets.get(query.index());
    return new Result.Found(asset, new Stored(query, asset));
  }

  /** In the blob store, as the row says. */
  private final class Stored implements Content {
    private final Query query;
    private final Asset asset;

    Stored(Query query, Asset asset) {
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
      // Its row is asked again, for it may have been deleted after it was found.
      if (bytes.isEmpty() && generations.find(query.id()).isPresent()) {
        log.error(
            "generation {} output {} has vanished from the storage: {} was stored and is gone",
            query.id(),
            query.index(),
            asset.key());
      }
      return bytes;
    }
  }
}
