/** The promise, tested: whatever happens, in whatever order, every generation ends honestly. */
@NullMarked
package dev.atelier.application.promise;

import org.jspecify.annotations.NullMarked;
