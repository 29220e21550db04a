package dev.atelier.http.route;

import dev.atelier.http.problem.Problem;
import dev.atelier.http.problem.ProblemCode;
import dev.atelier.http.problem.ProblemException;
import io.javalin.http.Context;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads bodies up to a bound: whole, or as a stream. */
final class RequestBody {
  private static final int MAX_DISCARDED_BYTES = 8 * 1024 * 1024;

  private RequestBody() {}

  /**
   * Reads the body as it came over the wire.
   *
   * @param maxBytes the most it may have, whether it says its length or comes in chunks
   * @throws ProblemException when it has more
   */
  static byte[] read(Context ctx, int maxBytes) throws IOException {
    InputStream stream = ctx.bodyInputStream();
    if (ctx.req().getContentLengthLong() > maxBytes) {
      throw tooLarge(stream);
    }
    byte[] body = stream.readNBytes(maxBytes + 1);
    if (body.length > maxBytes) {
      throw tooLarge(stream);
    }
    return body;
  }

  /**
   * The body as a stream.
   *
   * @param maxBytes reading throws a {@link ProblemException} beyond so many
   * @throws ProblemException when it announces more
   */
  static InputStream stream(Context ctx, int maxBytes) throws IOException {
    InputStream stream = ctx.bodyInputStream();
    if (ctx.req().getContentLengthLong() > maxBytes) {
      throw tooLarge(stream);
    }
    return new FilterInputStream(stream) {
      private int left = maxBytes;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        int read = in.read(into, offset, length);
        left -= Math.max(read, 0);
        if (left < 0) {
          throw tooLarge(in);
        }
        return read;
      }
    };
  }

  /**
   * Who is still sending does not read the answer, so a rest of moderate size is taken in first.
   */
  private static ProblemException tooLarge(InputStream stream) throws IOException {
    byte[] discarded = new byte[8192];
    int left = MAX_DISCARDED_BYTES;
    int read = 0;
    while (left > 0 && read >= 0) {
      left -= read;
      read = stream.read(discarded);
    }
    return new ProblemException(Problem.of(ProblemCode.TOO_LARGE));
  }
}
