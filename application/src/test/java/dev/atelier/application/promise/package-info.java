/**
 * Random scripts of faults against two instances in virtual time. They prove the promise of
 * docs/reliability.md: every generation ends with all its outputs, a justified failure or a
 * cancellation. Start at {@link PromiseTest}.
 */
@NullMarked
package dev.atelier.application.promise;

import org.jspecify.annotations.NullMarked;
