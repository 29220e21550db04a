package dev.atelier.application;

import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.Generations;
import dev.atelier.domain.Asset;
import java.util.List;

/** Finds the asset in the row and its bytes in the blob store. */
public final class GetOutputService implements GetOutput {
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
        generations
            .find(query.id())
            .filter(query.viewer()::sees)
            .filter(generation -> !generation.isActive()) // until then the numbers may still shift
            .map(generation -> generation.state().storedAssets())
            .orElseGet(List::of);
    if (query.index() < 0 || query.index() >= assets.size()) {
      return new Result.NotFound();
    }
    Asset asset = assets.get(query.index());
    return blobs
        .open(asset.key())
        .<Result>map(bytes -> new Result.Found(asset, bytes))
        .orElseGet(Result.NotFound::new);
  }
}
