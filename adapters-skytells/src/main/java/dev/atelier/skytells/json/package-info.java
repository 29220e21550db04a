/**
 * Bounded reading and writing of Skytells' JSON. It uses Jackson only. Start at {@link
 * SkytellsJson}.
 */
@NullMarked
package dev.atelier.skytells.json;

import org.jspecify.annotations.NullMarked;
