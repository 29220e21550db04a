/**
 * The Skytells API client: requests, retries, and reading of what Skytells answers in all its
 * documented forms. It uses {@code json} and {@code model}. Start at {@link SkytellsClient}.
 */
@NullMarked
package dev.atelier.skytells.client;

import org.jspecify.annotations.NullMarked;
