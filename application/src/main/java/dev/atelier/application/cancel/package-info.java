/**
 * Cancels and deletes generations, at Skytells and here. It uses the ports, {@code settle}, {@code
 * store} and {@code query}. Start at {@link CancelGenerationService}.
 */
@NullMarked
package dev.atelier.application.cancel;

import org.jspecify.annotations.NullMarked;
