package dev.atelier.application.promise;

import dev.atelier.application.ThreadlessExecutor;
import java.util.ArrayDeque;
import java.util.Deque;

/** An executor that runs its tasks only in {@link #run}. */
final class ManualExecutor extends ThreadlessExecutor {
  private final Deque<Runnable> waiting = new ArrayDeque<>();

  @Override
  public void execute(Runnable task) {
    waiting.add(task);
  }

  void run(int atMost) {
    for (int i = 0; i < atMost && !waiting.isEmpty(); i++) {
      waiting.remove().run();
    }
  }
}
