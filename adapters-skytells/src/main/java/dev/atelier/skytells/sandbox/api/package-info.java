/**
 * The sandbox's routes and the predictions behind them. It uses {@code http}, {@code fault}, {@code
 * catalog}, {@code input}, {@code picture}, {@code sound} and {@code video}. Start at {@link Api}.
 */
@NullMarked
package dev.atelier.skytells.sandbox.api;

import org.jspecify.annotations.NullMarked;
