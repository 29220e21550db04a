/**
 * The sandbox: a development server that speaks Skytells' API, draws pictures, sends signed
 * webhooks and fails on demand. Only bootstrap and tests use it; it shares no code with the client.
 * Start at {@link Sandbox}.
 */
@NullMarked
package dev.atelier.skytells.sandbox;

import org.jspecify.annotations.NullMarked;
