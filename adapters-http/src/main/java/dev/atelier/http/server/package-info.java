/**
 * The Jetty and Javalin server: start, stop, request limits, access log. It wires the routes of the
 * other packages. Start at {@link HttpServer}.
 */
@NullMarked
package dev.atelier.http.server;

import org.jspecify.annotations.NullMarked;
