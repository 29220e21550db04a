package dev.atelier.application.port;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** {@link PublishedModels} in memory. */
public final class InMemoryPublishedModels implements PublishedModels {
  private final Map<String, String> documents = new ConcurrentHashMap<>();
  private volatile boolean down;

  /** Makes every call fail. */
  public void breakDown(boolean broken) {
    down = broken;
  }

  @Override
  public Map<String, String> all() {
    requireWorking();
    return Map.copyOf(documents);
  }

  @Override
  public void save(Map<String, String> saved) {
    requireWorking();
    documents.putAll(saved);
  }

  private void requireWorking() {
    if (down) {
      throw new UnavailableException("database down", new IllegalStateException());
    }
  }
}
