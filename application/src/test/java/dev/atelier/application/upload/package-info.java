/** Tests of uploads. */
@NullMarked
package dev.atelier.application.upload;

import org.jspecify.annotations.NullMarked;
