package dev.atelier.skytells.sandbox.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** All predictions, oldest first. Thread-safe. */
public final class Jobs {
  /** Bounds the memory; the oldest are evicted. */
  private static final int MAX_JOBS = 100_000;

  private final SequencedMap<String, Job> jobs = new LinkedHashMap<>();

  synchronized void add(Job job) {
    jobs.put(job.id(), job);
    if (jobs.size() > MAX_JOBS) {
      jobs.pollFirstEntry();
    }
  }

  /** Includes deleted ones. */
  synchronized Optional<Job> find(String id) {
    return Optional.ofNullable(jobs.get(id));
  }

  public synchronized List<Job> all() {
    return new ArrayList<>(jobs.values());
  }

  List<Job> newestFirst() {
    List<Job> all = all();
    Collections.reverse(all);
    return all;
  }
}
