/**
 * The domain: values, the {@link dev.atelier.domain.Generation} aggregate, its states and its one
 * transition function. It uses the JDK only. Start at {@link
 * dev.atelier.domain.Generation#observe}.
 */
@NullMarked
package dev.atelier.domain;

import org.jspecify.annotations.NullMarked;
