/**
 * Headers with rules of their own, each independent of the others. It uses {@code request}, {@code
 * problem} and {@code auth}. Start at any of them.
 */
@NullMarked
package dev.atelier.http.header;

import org.jspecify.annotations.NullMarked;
