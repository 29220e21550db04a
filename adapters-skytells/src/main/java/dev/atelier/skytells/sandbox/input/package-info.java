/**
 * Downloads the images among a prediction's inputs. It uses the JDK only. Start at {@link
 * ImageFetcher}.
 */
@NullMarked
package dev.atelier.skytells.sandbox.input;

import org.jspecify.annotations.NullMarked;
