/**
 * The outbound ports: what the use cases need from databases, blob stores and Skytells. They use
 * only the domain; each adapter implements some and translates its technology's types and errors.
 * Start at {@link dev.atelier.application.port.Generations}.
 */
@NullMarked
package dev.atelier.application.port;

import org.jspecify.annotations.NullMarked;
