/**
 * Brings outputs into the owner's storage: download, blob store, spool while the blob store is
 * down. It uses the ports and {@code settle}. Start at {@link StoreOutputs}.
 */
@NullMarked
package dev.atelier.application.store;

import org.jspecify.annotations.NullMarked;
