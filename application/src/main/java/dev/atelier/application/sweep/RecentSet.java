package dev.atelier.application.sweep;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A set that evicts its oldest elements. Not thread-safe. */
final class RecentSet<E> extends LinkedHashMap<E, Boolean> {
  private static final long serialVersionUID = 1L;

  private final int capacity;

  private RecentSet(int capacity) {
    this.capacity = capacity;
  }

  static <E> Set<E> of(int capacity) {
    return Collections.newSetFromMap(new RecentSet<>(capacity));
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<E, Boolean> eldest) {
    return size() > capacity;
  }
}
