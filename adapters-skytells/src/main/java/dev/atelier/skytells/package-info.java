/**
 * Skytells as the application sees it: predictions, webhooks, outputs. What the provider's
 * documents contradict each other about is settled here, by taking every form.
 */
@NullMarked
package dev.atelier.skytells;

import org.jspecify.annotations.NullMarked;
