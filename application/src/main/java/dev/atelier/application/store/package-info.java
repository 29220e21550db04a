/**
 * Downloads outputs and writes them to the blob store, or to the spool while the blob store is
 * unavailable. It uses the ports and {@code settle}. Start at {@link StoreOutputs}.
 */
@NullMarked
package dev.atelier.application.store;

import org.jspecify.annotations.NullMarked;
