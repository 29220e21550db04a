/**
 * Applies observations to stored generations, and decides when an unfinished one is due again. It
 * uses the domain and the ports. Start at {@link Settle}.
 */
@NullMarked
package dev.atelier.application.settle;

import org.jspecify.annotations.NullMarked;
