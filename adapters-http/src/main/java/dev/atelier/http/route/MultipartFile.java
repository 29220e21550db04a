package dev.atelier.http.route;

import dev.atelier.application.generate.InvalidRequestException;
import dev.atelier.http.problem.BodyException;
import dev.atelier.http.problem.Problem;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.fileupload2.core.FileUploadSizeException;
import org.apache.commons.fileupload2.core.MultipartInput;

/** Reads the file in a {@code multipart/form-data} body (RFC 7578) as a stream. */
final class MultipartFile {
  private static final Pattern BOUNDARY =
      Pattern.compile(
          "(?i)multipart/form-data\\s*;.*\\bboundary=(?:\"([^\"]{1,70})\"|([^\\s;\"]{1,70})).*");

  private static final Pattern FILE_NAME =
      Pattern.compile("(?im)^content-disposition:.*;\\s*filename\\*?=");

  private static final Pattern TYPE = Pattern.compile("(?im)^content-type:\\s*(\\S.*?)\\s*$");

  /** More than any header or small form field around the file. */
  private static final int MAX_OVERHEAD = 64 * 1024;

  /** More than any file name, which may have 255 characters of up to 12 bytes when encoded. */
  private static final int MAX_HEADER = 8 * 1024;

  private MultipartFile() {}

  /**
   * A file part.
   *
   * @param type its declared type
   */
  record Part(Optional<String> type, InputStream body) {}

  /** Handles the file. */
  interface Handler<T> {
    T handle(Part file) throws IOException;
  }

  static boolean isMultipart(Context ctx) {
    String type = ctx.contentType();
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("multipart/");
  }

  /**
   * Reads the whole body. What is wrong behind the file is thrown at the end of the file's stream,
   * so that the handler does not take the file for complete.
   *
   * @param maxBytes of the file
   * @throws InvalidRequestException if the body does not have exactly one file or is malformed
   * @throws BodyException for the same reasons, or if the file is too large
   */
  static <T> T read(Context ctx, int maxBytes, Handler<T> handler) throws IOException {
    Matcher type = BOUNDARY.matcher(String.valueOf(ctx.contentType()));
    if (!type.matches()) {
      throw invalid("must be multipart/form-data with a boundary");
    }
    String boundary = type.group(1) == null ? type.group(2) : type.group(1);
    MultipartInput input =
        MultipartInput.builder()
            .setInputStream(RequestBody.stream(ctx, maxBytes + MAX_OVERHEAD))
            .setPartHeaderSizeMax(MAX_HEADER)
            .setBoundary(boundary.getBytes(StandardCharsets.ISO_8859_1))
            .get();
    try {
      for (boolean more = input.skipPreamble(); more; more = input.readBoundary()) {
        String headers = input.readHeaders();
        if (FILE_NAME.matcher(headers).find()) {
          InputStream file = RequestBody.limited(input.newInputStream(), maxBytes);
          InputStream body = new SequenceInputStream(file, new PartsBehindFile(input));
          return handler.handle(new Part(contentType(headers), body));
        }
        input.discardBodyData();
      }
    } catch (MultipartInput.MalformedStreamException | FileUploadSizeException e) {
      throw invalid("is malformed or was cut off");
    }
    throw invalid("must have one part with a file name");
  }

  /** An empty stream that reads what is behind the file when the file has been read. */
  @SuppressWarnings("InputStreamSlowMultibyteRead") // it has no bytes
  private static final class PartsBehindFile extends InputStream {
    private final MultipartInput input;

    PartsBehindFile(MultipartInput input) {
      this.input = input;
    }

    @Override
    public int read() throws IOException {
      while (input.readBoundary()) {
        if (FILE_NAME.matcher(input.readHeaders()).find()) {
          throw new BodyException(Problem.invalid(invalid("must have only one file")));
        }
        input.discardBodyData();
      }
      return -1;
    }
  }

  private static Optional<String> contentType(String headers) {
    Matcher matcher = TYPE.matcher(headers);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static InvalidRequestException invalid(String rule) {
    return new InvalidRequestException("body", rule);
  }
}
