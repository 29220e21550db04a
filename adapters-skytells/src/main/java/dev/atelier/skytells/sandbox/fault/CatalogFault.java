package dev.atelier.skytells.sandbox.fault;

import dev.atelier.skytells.sandbox.http.Delay;
import dev.atelier.skytells.sandbox.http.FullResponse;
import dev.atelier.skytells.sandbox.http.Response;
import java.util.Optional;
import java.util.stream.Stream;

/** A fault of the routes under {@code /v1/models}; tests select it with an admin request. */
public enum CatalogFault {
  NONE("none"),
  UNAVAILABLE("503"),
  HTML("html"),
  HANG("hang");

  private static final int HANG_SECONDS = 600;

  private final String tag;

  CatalogFault(String tag) {
    this.tag = tag;
  }

  public String tag() {
    return tag;
  }

  /**
   * Reads a tag.
   *
   * @throws IllegalArgumentException if there is no such fault
   */
  public static CatalogFault of(String tag) {
    return Stream.of(values())
        .filter(fault -> fault.tag.equals(tag))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("fault must be one of none, 503, html and hang."));
  }

  /** Empty if the request is answered without a fault. */
  public Optional<Response> response() {
    return switch (this) {
      case NONE -> Optional.empty();
      case UNAVAILABLE ->
          Optional.of(
              FullResponse.error(503, "SERVICE_UNAVAILABLE", "The service is unavailable."));
      case HTML -> Optional.of(FullResponse.html(200, "<html><body>Please sign in.</body></html>"));
      case HANG -> Optional.of(_ -> Delay.seconds(HANG_SECONDS));
    };
  }
}
