/**
 * Draws a picture from prompt, seed and size, always the same for the same input. It uses the JDK
 * only. Start at {@link Scene}.
 */
@NullMarked
package dev.atelier.skytells.sandbox.picture;

import org.jspecify.annotations.NullMarked;
