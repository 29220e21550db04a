/**
 * The Skytells API client: requests, retries, and parsing of responses in all their documented
 * forms. It uses {@code json} and {@code model}. Start at {@link SkytellsClient}.
 */
@NullMarked
package dev.atelier.skytells.client;

import org.jspecify.annotations.NullMarked;
