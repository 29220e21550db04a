package dev.atelier.application.port;

import dev.atelier.domain.GenerationId;

/** Generates ids for generations. */
@FunctionalInterface
public interface GenerationIds {
  /** Returns a unique id that sorts after the ids of earlier milliseconds. */
  GenerationId next();
}
