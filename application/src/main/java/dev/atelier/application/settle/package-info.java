/**
 * Applies an observation to a stored generation, and decides when an unfinished one is due again.
 * It uses the domain and the ports only; every use case that learns something about a prediction
 * calls it. Start at {@link Settle}.
 */
@NullMarked
package dev.atelier.application.settle;

import org.jspecify.annotations.NullMarked;
