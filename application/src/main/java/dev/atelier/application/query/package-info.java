/**
 * Reads: status, list, outputs, models, and what a caller may see. It uses the ports and changes
 * nothing. Start at {@link GetStatusService}.
 */
@NullMarked
package dev.atelier.application.query;

import org.jspecify.annotations.NullMarked;
