package dev.atelier.application.port;

import dev.atelier.domain.Asset;
import dev.atelier.domain.Upload;
import dev.atelier.domain.UploadId;
import dev.atelier.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@link Uploads} in memory. */
public final class InMemoryUploads implements Uploads {
  private final Map<UploadId, Row> rows = new HashMap<>();
  private final Map<Owned, Integer> counts = new HashMap<>();
  private boolean down;

  private record Owned(UserId owner, LocalDate day) {}

  private record Row(Pending pending, Optional<Asset> asset, Instant dueAt, boolean deleted) {
    boolean isFound(Instant now) {
      return asset.isPresent() && !deleted && now.isBefore(dueAt);
    }
  }

  /** Makes every call fail. */
  public synchronized void breakDown(boolean broken) {
    down = broken;
  }

  /** The number of rows, found or not. */
  public synchronized int size() {
    return rows.size();
  }

  @Override
  public synchronized boolean add(Pending upload, Instant removeAt, int perDay) {
    requireWorking();
    var day = LocalDate.ofInstant(upload.createdAt(), ZoneOffset.UTC);
    var owned = new Owned(upload.owner(), day);
    if (counts.getOrDefault(owned, 0) >= perDay) {
      return false;
    }
    counts.merge(owned, 1, Integer::sum);
    rows.put(upload.id(), new Row(upload, Optional.empty(), removeAt, false));
    return true;
  }

  @Override
  public synchronized Optional<Upload> complete(UploadId id, Asset asset, Instant expiresAt) {
    requireWorking();
    Row row = rows.get(id);
    if (row == null || row.deleted() || row.asset().isPresent()) {
      return Optional.empty();
    }
    rows.put(id, new Row(row.pending(), Optional.of(asset), expiresAt, false));
    return find(id, Instant.MIN);
  }

  @Override
  public synchronized Optional<Upload> find(UploadId id, Instant now) {
    requireWorking();
    return Optional.ofNullable(rows.get(id))
        .filter(row -> row.isFound(now))
        .map(
            row ->
                new Upload(
                    id,
                    row.pending().owner(),
                    row.asset().orElseThrow(),
                    row.pending().createdAt(),
                    row.dueAt()));
  }

  @Override
  public synchronized boolean keep(UploadId id, Instant now, Instant until) {
    requireWorking();
    Row row = rows.get(id);
    if (row == null || !row.isFound(now)) {
      return false;
    }
    Instant dueAt = until.isAfter(row.dueAt()) ? until : row.dueAt();
    rows.put(id, new Row(row.pending(), row.asset(), dueAt, false));
    return true;
  }

  @Override
  public synchronized void delete(UploadId id, Instant now) {
    requireWorking();
    rows.computeIfPresent(id, (_, row) -> new Row(row.pending(), row.asset(), now, true));
  }

  @Override
  public synchronized List<Removal> claimToRemove(Instant now, Duration lease, int limit) {
    requireWorking();
    List<Row> due =
        rows.values().stream().filter(row -> !now.isBefore(row.dueAt())).limit(limit).toList();
    due.forEach(
        row ->
            rows.put(
                row.pending().id(), new Row(row.pending(), row.asset(), now.plus(lease), true)));
    return due.stream().map(row -> new Removal(row.pending().id(), row.pending().key())).toList();
  }

  @Override
  public synchronized void remove(UploadId id) {
    requireWorking();
    rows.remove(id);
  }

  private void requireWorking() {
    if (down) {
      throw new UnavailableException("the database is down", new IllegalStateException("scripted"));
    }
  }
}
