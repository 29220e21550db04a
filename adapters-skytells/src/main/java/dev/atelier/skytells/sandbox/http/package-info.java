/**
 * The sandbox's HTTP requests and responses. It uses the JDK's server. Start at {@link Response}.
 */
@NullMarked
package dev.atelier.skytells.sandbox.http;

import org.jspecify.annotations.NullMarked;
