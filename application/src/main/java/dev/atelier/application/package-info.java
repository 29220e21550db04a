/**
 * The use cases: each is an interface with one method, whose command and result are nested records,
 * and one service. They use only the domain and the ports in {@link dev.atelier.application.port}.
 * Start at {@link dev.atelier.application.GenerateImageService}.
 */
@NullMarked
package dev.atelier.application;

import org.jspecify.annotations.NullMarked;
