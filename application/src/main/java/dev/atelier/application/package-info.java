/**
 * The use cases. Each is an interface with one method, its command and result as nested records,
 * and one service: load, decide in the domain, save, return. Plain Java on the domain.
 */
@NullMarked
package dev.atelier.application;

import org.jspecify.annotations.NullMarked;
