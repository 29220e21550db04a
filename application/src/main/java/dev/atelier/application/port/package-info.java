/**
 * The outbound ports: what the application needs from databases, blob stores and Skytells. They use
 * the domain only. Start at {@link Generations}; each port has a contract test that every adapter
 * passes.
 */
@NullMarked
package dev.atelier.application.port;

import org.jspecify.annotations.NullMarked;
