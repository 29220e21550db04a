/**
 * Composes a melody from words, always the same for the same input. It uses the JDK only. Start at
 * {@link Melody}.
 */
@NullMarked
package dev.atelier.skytells.sandbox.sound;

import org.jspecify.annotations.NullMarked;
