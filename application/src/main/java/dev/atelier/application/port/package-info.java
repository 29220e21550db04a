/**
 * The outbound ports: what the application needs from databases, blob stores and Skytells. They use
 * the domain only. Start at {@link Generations}; its contract test, like those of the other storage
 * ports, is passed by the in-memory and the real adapters.
 */
@NullMarked
package dev.atelier.application.port;

import org.jspecify.annotations.NullMarked;
