/**
 * The blob store in Google Cloud Storage, loaded only when chosen. It uses {@code blob} and
 * Google's client. Start at {@link GcsBlobStore}.
 */
@NullMarked
package dev.atelier.persistence.blob.gcs;

import org.jspecify.annotations.NullMarked;
