/**
 * Prometheus metrics. It decorates use cases and reads the backlog port. Start at {@link Metrics}.
 */
@NullMarked
package dev.atelier.http.metrics;

import org.jspecify.annotations.NullMarked;
