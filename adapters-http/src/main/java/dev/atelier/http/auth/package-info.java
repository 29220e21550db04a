/**
 * Who is calling: API keys, JWTs, signed links, and what the caller may see. It uses the
 * application's access scope. Start at {@link CallerResolver}.
 */
@NullMarked
package dev.atelier.http.auth;

import org.jspecify.annotations.NullMarked;
