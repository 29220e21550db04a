package dev.atelier.http;

/**
 * Who may call.
 *
 * @param auth how callers show who they are
 */
public record Access(Auth auth) {}
