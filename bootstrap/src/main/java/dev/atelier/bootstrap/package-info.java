/**
 * The outermost ring: settings from the environment, the wiring, start and stop, and what runs
 * embedded when nothing is set. The only place with Guice.
 */
@NullMarked
package dev.atelier.bootstrap;

import org.jspecify.annotations.NullMarked;
