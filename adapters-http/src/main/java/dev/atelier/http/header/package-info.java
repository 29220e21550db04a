/**
 * Request and response headers that need rules of their own: ETag, Range, Prefer, Accept,
 * Idempotency-Key, CORS, rate limits. It uses {@code request}, {@code problem} and {@code auth}.
 * Start at any of them; each header is independent of the others.
 */
@NullMarked
package dev.atelier.http.header;

import org.jspecify.annotations.NullMarked;
