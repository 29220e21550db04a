/**
 * Files that clients send to use them as inputs: receives them without their metadata, returns
 * them, and removes them. It uses the ports and {@code query}. Start at {@link
 * CreateUploadService}.
 */
@NullMarked
package dev.atelier.application.upload;

import org.jspecify.annotations.NullMarked;
