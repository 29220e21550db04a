/**
 * The sandbox: a Skytells of our own, an HTTP server that speaks the published dialect, paints real
 * pictures, sends real signed webhooks, and can be told to fail. It is what demos and tests run
 * against, so it shares no code with the client.
 */
@NullMarked
package dev.atelier.skytells.sandbox;

import org.jspecify.annotations.NullMarked;
