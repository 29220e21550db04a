/**
 * How a request becomes the parameters of a Skytells model. It uses {@code json}. Start at {@link
 * SkytellsModels}.
 */
@NullMarked
package dev.atelier.skytells.model;

import org.jspecify.annotations.NullMarked;
