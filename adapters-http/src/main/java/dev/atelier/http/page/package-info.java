/**
 * The HTML pages and the OpenAPI document. It uses {@code request}. Start at {@link HomeRoutes}.
 */
@NullMarked
package dev.atelier.http.page;

import org.jspecify.annotations.NullMarked;
