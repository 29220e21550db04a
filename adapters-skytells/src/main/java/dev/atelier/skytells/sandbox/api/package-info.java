/**
 * The sandbox's routes and the predictions behind them. It uses {@code http}, {@code fault} and
 * {@code picture}. Start at {@link Api}.
 */
@NullMarked
package dev.atelier.skytells.sandbox.api;

import org.jspecify.annotations.NullMarked;
