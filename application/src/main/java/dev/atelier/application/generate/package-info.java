/**
 * Accepts a request: validates it, persists the generation inside the quota, and submits it to
 * Skytells. It uses the ports, {@code settle}, {@code store} and {@code query}. Start at {@link
 * CreateGenerationService}.
 */
@NullMarked
package dev.atelier.application.generate;

import org.jspecify.annotations.NullMarked;
