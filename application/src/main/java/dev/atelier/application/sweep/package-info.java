/**
 * Processes unfinished generations for which no webhook arrived: polls Skytells, retries storing,
 * purges deleted rows. It uses the ports, {@code settle}, {@code store} and {@code cancel}. Start
 * at {@link SweepService}.
 */
@NullMarked
package dev.atelier.application.sweep;

import org.jspecify.annotations.NullMarked;
