/** The blob store in a local directory. It uses {@code blob}. Start at {@link FileBlobStore}. */
@NullMarked
package dev.atelier.persistence.blob.file;

import org.jspecify.annotations.NullMarked;
