package dev.atelier.http.problem;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.generate.InvalidRequestException;
import dev.atelier.application.generate.InvalidRequestException.FieldError;
import dev.atelier.http.request.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpStatus;

/**
 * An error response (RFC 9457).
 *
 * @param extensions additional members
 */
public record Problem(
    ProblemCode code,
    int status,
    String detail,
    List<FieldError> errors,
    Optional<Duration> retryAfter,
    ObjectNode extensions) {
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final Duration RETRY_WHEN_UNAVAILABLE = Duration.ofSeconds(5);

  public Problem {
    errors = List.copyOf(errors);
  }

  public static Problem of(ProblemCode code) {
    return of(code, code.sentence());
  }

  public static Problem of(ProblemCode code, String detail) {
    return new Problem(code, code.status(), detail, List.of(), Optional.empty(), Json.object());
  }

  public static Problem unavailable() {
    return of(ProblemCode.UNAVAILABLE).retryAfter(RETRY_WHEN_UNAVAILABLE);
  }

  public static Problem invalid(InvalidRequestException e) {
    return new Problem(
        ProblemCode.INVALID_REQUEST,
        ProblemCode.INVALID_REQUEST.status(),
        String.valueOf(e.getMessage()),
        e.errors(),
        Optional.empty(),
        Json.object());
  }

  /** A 5xx of the server always means a fault of the service. */
  public static Problem ofStatus(int serverStatus) {
    ProblemCode code = ProblemCode.of(serverStatus);
    if (code == ProblemCode.UNAVAILABLE) {
      return unavailable();
    }
    int status =
        code == ProblemCode.INVALID_REQUEST && serverStatus < 500 ? serverStatus : code.status();
    return new Problem(code, status, code.sentence(), List.of(), Optional.empty(), Json.object());
  }

  public Problem retryAfter(Duration after) {
    return new Problem(code, status, detail, errors, Optional.of(after), extensions);
  }

  /** Adds an invalid field. */
  public Problem with(FieldError error) {
    return new Problem(code, status, detail, List.of(error), retryAfter, extensions);
  }

  public Problem with(ObjectNode members) {
    return new Problem(code, status, detail, errors, retryAfter, members);
  }

  /** Rounded up, at least one. */
  public Optional<String> retryAfterSeconds() {
    return retryAfter.map(
        after -> Long.toString(Math.max(1, after.plusNanos(999_999_999).toSeconds())));
  }

  public ObjectNode json(String requestId) {
    ObjectNode json =
        Json.object()
            .put("type", "about:blank")
            .put("title", HttpStatus.getMessage(status))
            .put("status", status)
            .put("detail", detail)
            .put("code", code.value())
            .put("error", detail)
            .put("retryable", code.retryable())
            .put("requestId", requestId);
    ArrayNode fields = json.putArray("errors");
    for (FieldError error : errors) {
      fields.addObject().put("field", error.field()).put("message", error.message());
    }
    return json.setAll(extensions);
  }
}
