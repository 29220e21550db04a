/**
 * Reports whether the dependencies work. It uses the {@link
 * dev.atelier.application.port.Dependency} port. Start at {@link CheckReadinessService}.
 */
@NullMarked
package dev.atelier.application.health;

import org.jspecify.annotations.NullMarked;
