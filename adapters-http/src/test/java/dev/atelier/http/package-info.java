/** What the tests of all packages share. Start at {@link TestServer}. */
@NullMarked
package dev.atelier.http;

import org.jspecify.annotations.NullMarked;
