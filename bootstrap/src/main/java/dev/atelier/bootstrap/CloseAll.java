package dev.atelier.bootstrap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes resources in order and continues after a failure. */
final class CloseAll {
  private static final Logger log = LoggerFactory.getLogger(CloseAll.class);

  private CloseAll() {}

  static void closeAll(Iterable<? extends AutoCloseable> things) {
    for (AutoCloseable thing : things) {
      try {
        thing.close();
      } catch (Exception e) { // AutoCloseable allows any
        log.warn("{} did not close cleanly", thing.getClass().getSimpleName(), e);
      }
    }
  }
}
