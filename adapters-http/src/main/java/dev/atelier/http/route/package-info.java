/**
 * The routes of the REST API: they translate requests into use-case calls and results into JSON.
 * They use the application and the other packages of the adapter except {@code server}. Start at
 * {@link GenerationRoutes}.
 */
@NullMarked
package dev.atelier.http.route;

import org.jspecify.annotations.NullMarked;
