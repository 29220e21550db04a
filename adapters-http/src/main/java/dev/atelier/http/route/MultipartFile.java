package dev.atelier.http.route;

import dev.atelier.application.generate.InvalidRequestException;
import dev.atelier.application.generate.InvalidRequestException.FieldError;
import io.javalin.http.Context;
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
   * Reads the body up to the end of its file.
   *
   * @param maxBytes of the file
   * @throws InvalidRequestException if the body has no file or is malformed
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
            .setBoundary(boundary.getBytes(StandardCharsets.ISO_8859_1))
            .get();
    try {
      for (boolean more = input.skipPreamble(); more; more = input.readBoundary()) {
        String headers = input.readHeaders();
        if (FILE_NAME.matcher(headers).find()) {
          InputStream body = RequestBody.limited(input.newInputStream(), maxBytes);
          return handler.handle(new Part(contentType(headers), body));
        }
        input.discardBodyData();
      }
    } catch (MultipartInput.MalformedStreamException | FileUploadSizeException e) {
      throw invalid("is malformed or was cut off");
    }
    throw invalid("must have one part with a file name");
  }

  private static Optional<String> contentType(String headers) {
    Matcher matcher = TYPE.matcher(headers);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static InvalidRequestException invalid(String rule) {
    return new InvalidRequestException(List.of(new FieldError("body", rule)));
  }
}
