/**
 * Paints the sandbox's pictures: landscapes in plain pixel arithmetic, deterministic from prompt,
 * seed and size. No fonts, no files, no display.
 */
@NullMarked
package dev.atelier.skytells.sandbox.picture;

import org.jspecify.annotations.NullMarked;
