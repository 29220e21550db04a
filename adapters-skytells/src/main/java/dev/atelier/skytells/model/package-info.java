/**
 * Skytells' models: what it publishes about them, and how a request becomes the parameters of one.
 * It uses {@code json} and {@code output}. Start at {@link SkytellsInputBuilder}.
 */
@NullMarked
package dev.atelier.skytells.model;

import org.jspecify.annotations.NullMarked;
