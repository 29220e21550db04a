/**
 * Composition root: settings, wiring, start and shutdown, and embedded defaults. The only package
 * that uses Guice; it may use every module. Start with {@code Main}.
 */
@NullMarked
package dev.atelier.bootstrap;

import org.jspecify.annotations.NullMarked;
