/**
 * The HTTP server on in-memory adapters, and a client, for tests of any package. Start at {@link
 * TestServer}.
 */
@NullMarked
package dev.atelier.http;

import org.jspecify.annotations.NullMarked;
