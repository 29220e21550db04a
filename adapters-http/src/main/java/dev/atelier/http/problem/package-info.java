/**
 * Errors as RFC 9457 problems: one exhaustive mapping from exceptions and results to codes. It uses
 * {@code request}. Start at {@link ProblemCode}.
 */
@NullMarked
package dev.atelier.http.problem;

import org.jspecify.annotations.NullMarked;
