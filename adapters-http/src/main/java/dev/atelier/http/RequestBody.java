package dev.atelier.http;

import io.javalin.http.Context;
import java.io.IOException;

/** Reads bodies whole, up to a bound. */
final class RequestBody {
  private RequestBody() {}

  /**
   * Reads the body as it came over the wire.
   *
   * @param maxBytes the most it may have, whether it says its length or comes in chunks
   * @throws ProblemException when it has more
   */
  static byte[] read(Context ctx, int maxBytes) throws IOException {
    if (ctx.req().getContentLengthLong() > maxBytes) {
      throw new ProblemException(Problem.of(ProblemCode.TOO_LARGE));
    }
    byte[] body = ctx.bodyInputStream().readNBytes(maxBytes + 1);
    if (body.length > maxBytes) {
      throw new ProblemException(Problem.of(ProblemCode.TOO_LARGE));
    }
    return body;
  }
}
