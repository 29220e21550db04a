/**
 * The domain model: values that validate themselves (they throw {@link
 * dev.atelier.domain.InvalidValueException}), the {@link dev.atelier.domain.Generation} aggregate,
 * its states and its single transition function. It uses only the JDK; callers pass in time and
 * ids. Start at {@link dev.atelier.domain.Generation}.
 */
@NullMarked
package dev.atelier.domain;

import org.jspecify.annotations.NullMarked;
