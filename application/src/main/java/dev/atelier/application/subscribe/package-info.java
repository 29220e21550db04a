/**
 * Lets clients wait for changes of a generation, made on any instance. It uses the {@link
 * dev.atelier.application.port.ChangeNotifications} port. Start at {@link
 * SubscribeToGenerationService}.
 */
@NullMarked
package dev.atelier.application.subscribe;

import org.jspecify.annotations.NullMarked;
