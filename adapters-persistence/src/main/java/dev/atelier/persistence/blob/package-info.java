/** The stores of assets. */
@NullMarked
package dev.atelier.persistence.blob;

import org.jspecify.annotations.NullMarked;
