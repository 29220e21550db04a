/**
 * The sandbox's models and the validation of their inputs. It uses {@code http}. Start at {@link
 * Models}.
 */
@NullMarked
package dev.atelier.skytells.sandbox.catalog;

import org.jspecify.annotations.NullMarked;
