package dev.atelier.http;

import java.util.Optional;

/**
 * Who may call.
 *
 * @param auth how callers show who they are
 * @param links how addresses of outputs are signed; empty does not sign them
 */
public record Access(Auth auth, Optional<LinkSigning> links) {}
