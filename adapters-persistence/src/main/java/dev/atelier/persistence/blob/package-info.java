/**
 * What both blob stores share: streams that count, limit and checksum. It uses the JDK only. Start
 * at {@code blob.file}, the simpler of the two stores.
 */
@NullMarked
package dev.atelier.persistence.blob;

import org.jspecify.annotations.NullMarked;
