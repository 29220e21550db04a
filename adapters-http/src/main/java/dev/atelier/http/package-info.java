/**
 * The REST edge on Javalin: routes, their JSON, and one shape for everything that goes wrong. No
 * type of a library leaves it, and nothing of the inside reaches a client.
 */
@NullMarked
package dev.atelier.http;

import org.jspecify.annotations.NullMarked;
