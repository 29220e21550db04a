/** What the use cases need of the world. Adapters implement these and translate at their edge. */
@NullMarked
package dev.atelier.application.port;

import org.jspecify.annotations.NullMarked;
