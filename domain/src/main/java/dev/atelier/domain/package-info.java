/**
 * The domain in plain Java: values, the {@link dev.atelier.domain.Generation} aggregate and its
 * states. Start at {@link dev.atelier.domain.Generation#observe}.
 */
@NullMarked
package dev.atelier.domain;

import org.jspecify.annotations.NullMarked;
