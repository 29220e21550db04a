/**
 * The HTTP API, built on Javalin: routes, JSON, authentication and error responses. It calls the
 * use cases of {@code application} and exposes no type of Javalin or Jackson. Start with {@link
 * dev.atelier.http.HttpServer}, which wires all routes.
 */
@NullMarked
package dev.atelier.http;

import org.jspecify.annotations.NullMarked;
