/**
 * The whole application on in-memory adapters, for tests of any package. Start at {@link
 * InMemoryAtelier}.
 */
@NullMarked
package dev.atelier.application;

import org.jspecify.annotations.NullMarked;
