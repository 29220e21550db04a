package dev.atelier.http.route;

import dev.atelier.application.generate.InvalidRequestException;
import dev.atelier.application.generate.InvalidRequestException.FieldError;
import dev.atelier.http.problem.BodyException;
import dev.atelier.http.problem.Problem;
import io.javalin.http.Context;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
          InputStream body =
              new LastFile(RequestBody.limited(input.newInputStream(), maxBytes), input);
          return handler.handle(new Part(contentType(headers), body));
        }
        input.discardBodyData();
      }
    } catch (MultipartInput.MalformedStreamException | FileUploadSizeException e) {
      throw invalid("is malformed or was cut off");
    }
    throw invalid("must have one part with a file name");
  }

  /** Reads the parts behind the file when the file ends. */
  private static final class LastFile extends FilterInputStream {
    private final MultipartInput input;
    private boolean ended;

    LastFile(InputStream file, MultipartInput input) {
      super(file);
      this.input = input;
    }

    @Override
    public int read() throws IOException {
      byte[] single = new byte[1];
      return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = ended ? -1 : in.read(buffer, offset, length);
      if (read < 0 && !ended) {
        ended = true;
        readToTheEnd();
      }
      return read;
    }

    /** The parts behind the file are already read. */
    @Override
    public void close() {}

    private void readToTheEnd() throws IOException {
      while (input.readBoundary()) {
        if (FILE_NAME.matcher(input.readHeaders()).find()) {
          throw new BodyException(Problem.invalid(invalid("must have only one file")));
        }
        input.discardBodyData();
      }
    }
  }

  private static Optional<String> contentType(String headers) {
    Matcher matcher = TYPE.matcher(headers);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static InvalidRequestException invalid(String rule) {
    return new InvalidRequestException(List.of(new FieldError("body", rule)));
  }
}
