/**
 * The innermost ring: values that validate themselves, the {@link dev.atelier.domain.Generation}
 * aggregate, its states and the one transition function. Plain Java; time and ids come from
 * outside.
 */
@NullMarked
package dev.atelier.domain;

import org.jspecify.annotations.NullMarked;
