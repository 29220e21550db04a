/**
 * The faults that the sandbox produces on demand. It uses {@code http}. Start at {@link
 * SandboxFault}.
 */
@NullMarked
package dev.atelier.skytells.sandbox.fault;

import org.jspecify.annotations.NullMarked;
