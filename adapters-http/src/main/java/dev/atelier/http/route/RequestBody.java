package dev.atelier.http.route;

import dev.atelier.http.problem.BodyException;
import dev.atelier.http.problem.Problem;
import dev.atelier.http.problem.ProblemCode;
import dev.atelier.http.problem.ProblemException;
import io.javalin.http.Context;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads request bodies of limited size. */
final class RequestBody {
  private static final int MAX_DISCARDED_BYTES = 8 * 1024 * 1024;

  private RequestBody() {}

  /**
   * Reads the whole body, without decoding it.
   *
   * @throws ProblemException when it exceeds {@code maxBytes}, with a Content-Length or chunked
   */
  static byte[] read(Context ctx, int maxBytes) throws IOException {
    InputStream stream = ctx.bodyInputStream();
    if (ctx.req().getContentLengthLong() > maxBytes) {
      throw new ProblemException(tooLarge(stream));
    }
    byte[] body = stream.readNBytes(maxBytes + 1);
    if (body.length > maxBytes) {
      throw new ProblemException(tooLarge(stream));
    }
    return body;
  }

  /**
   * Returns the body as a stream, which throws a {@link BodyException} beyond {@code maxBytes}.
   *
   * @throws ProblemException when Content-Length exceeds {@code maxBytes}
   */
  static InputStream stream(Context ctx, int maxBytes) throws IOException {
    InputStream stream = ctx.bodyInputStream();
    if (ctx.req().getContentLengthLong() > maxBytes) {
      throw new ProblemException(tooLarge(stream));
    }
    return limited(stream, maxBytes);
  }

  /** A stream that throws a {@link BodyException} beyond {@code maxBytes}. */
  static InputStream limited(InputStream stream, int maxBytes) {
    return new FilterInputStream(stream) {
      private int remaining = maxBytes;

      @Override
      public int read() throws IOException {
        byte[] single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = in.read(buffer, offset, length);
        remaining -= Math.max(read, 0);
        if (remaining < 0) {
          throw new BodyException(tooLarge(in));
        }
        return read;
      }
    };
  }

  /**
   * Discards up to {@link #MAX_DISCARDED_BYTES} of the remaining body first, because many clients
   * read the response only after they have sent the whole body.
   */
  private static Problem tooLarge(InputStream stream) throws IOException {
    byte[] discarded = new byte[8192];
    int remaining = MAX_DISCARDED_BYTES;
    int read = 0;
    while (remaining > 0 && read >= 0) {
      remaining -= read;
      read = stream.read(discarded);
    }
    return Problem.of(ProblemCode.TOO_LARGE);
  }
}
