/**
 * Streams that limit and checksum, shared by the blob stores and the spool. It uses {@code domain}.
 * Start at {@link ChecksumInputStream}.
 */
@NullMarked
package dev.atelier.persistence.blob;

import org.jspecify.annotations.NullMarked;
