/**
 * Handles a webhook from Skytells: verifies, settles, stores the outputs. It uses the ports, {@code
 * settle} and {@code store}. Start at {@link HandleWebhookService}.
 */
@NullMarked
package dev.atelier.application.webhook;

import org.jspecify.annotations.NullMarked;
