package dev.atelier.http.route;

import dev.atelier.application.port.Generations.Position;
import dev.atelier.domain.GenerationId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** An opaque list position: base64url of creation time in microseconds and id. */
final class Cursor {
  private static final int BYTES = 3 * Long.BYTES;
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]{" + BYTES * 4 / 3 + "}");

  private Cursor() {}

  static String write(Position position) {
    UUID id = position.id().value();
    byte[] bytes =
        ByteBuffer.allocate(BYTES)
            .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, position.createdAt()))
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .array();
    return Base64.getUrlEncoder().encodeToString(bytes);
  }

  static Optional<Position> read(String text) {
    if (!SHAPE.matcher(text).matches()) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
    long micros = bytes.getLong();
    var id = new GenerationId(new UUID(bytes.getLong(), bytes.getLong()));
    return micros < 0
        ? Optional.empty()
        : Optional.of(new Position(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), id));
  }
}
