package dev.atelier.bootstrap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes resources in order and continues after a failure. */
final class CloseAll {
  private static final Logger log = LoggerFactory.getLogger(CloseAll.class);

  private CloseAll() {}

  static void closeAll(Iterable<? extends AutoCloseable> resources) {
    for (AutoCloseable resource : resources) {
      try {
        resource.close();
      } catch (Exception e) { // AutoCloseable allows any
        log.warn("close failed, continuing: resource={}", resource.getClass().getSimpleName(), e);
      }
    }
  }
}
