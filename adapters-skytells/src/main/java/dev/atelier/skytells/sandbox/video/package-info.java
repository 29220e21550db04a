/** Makes videos of pictures. It uses the JDK and jcodec only. Start at {@link Zoom}. */
@NullMarked
package dev.atelier.skytells.sandbox.video;

import org.jspecify.annotations.NullMarked;
