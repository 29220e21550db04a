/** Blob stores: where assets are kept. Start with {@code FileBlobStore} or {@code GcsBlobStore}. */
@NullMarked
package dev.atelier.persistence.blob;

import org.jspecify.annotations.NullMarked;
