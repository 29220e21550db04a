package dev.atelier.application.port;

import dev.atelier.domain.GenerationId;

/** Gives out ids. */
@FunctionalInterface
public interface GenerationIds {
  /** An id that was never given out before; it sorts behind those of earlier milliseconds. */
  GenerationId next();
}
