/**
 * Downloads outputs from Skytells' delivery hosts, and from nowhere else. It uses OkHttp. Start at
 * {@link SkytellsOutputs}.
 */
@NullMarked
package dev.atelier.skytells.output;

import org.jspecify.annotations.NullMarked;
