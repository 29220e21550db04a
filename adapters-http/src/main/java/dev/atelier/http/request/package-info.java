/**
 * What every package of this adapter needs of a request. It uses no other package of the adapter.
 * Start at {@link Routes}.
 */
@NullMarked
package dev.atelier.http.request;

import org.jspecify.annotations.NullMarked;
