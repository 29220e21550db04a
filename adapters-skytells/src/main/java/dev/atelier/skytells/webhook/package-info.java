/**
 * Verifies and reads Skytells' webhooks. It uses {@code client} to read a prediction. Start at
 * {@link SkytellsWebhooks}.
 */
@NullMarked
package dev.atelier.skytells.webhook;

import org.jspecify.annotations.NullMarked;
