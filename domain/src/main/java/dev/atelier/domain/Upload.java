package dev.atelier.domain;

import java.time.Instant;

/**
 * A stored file that a client sent to be used as an input.
 *
 * @param expiresAt when it is removed, unless it is used before
 */
public record Upload(
    UploadId id, UserId owner, Asset asset, Instant createdAt, Instant expiresAt) {}
