/** Simulates the sweep under load in virtual time. Start at {@link LostWebhooks}. */
@org.jspecify.annotations.NullMarked
package dev.atelier.application.simulation;
