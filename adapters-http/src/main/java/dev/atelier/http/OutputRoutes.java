package dev.atelier.http;

import dev.atelier.application.GetOutput;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.Asset;
import dev.atelier.domain.GenerationId;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.regex.Pattern;

/** The stored results themselves, streamed: memory does not grow with their size. */
final class OutputRoutes implements Routes {
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");

  private final GetOutput getOutput;
  private final Callers callers;

  OutputRoutes(GetOutput getOutput, Callers callers) {
    this.callers = callers;
    this.getOutput = getOutput;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    Routes.read(routes, "/api/predictions/{id}/output/{n}", this::output);
  }

  private void output(Context ctx) throws IOException {
    String number = ctx.pathParam("n");
    GenerationId id = GenerationId.parse(ctx.pathParam("id")).orElseThrow(OutputRoutes::notFound);
    if (!NUMBER.matcher(number).matches()) {
      throw notFound();
    }
    int index = Integer.parseInt(number);
    switch (getOutput.get(new GetOutput.Query(callers.viewer(ctx), id, index))) {
      case GetOutput.Result.Found found -> {
        try (InputStream bytes = found.bytes()) {
          send(ctx, found.asset(), id + "-" + index, bytes);
        }
      }
      case GetOutput.Result.NotFound _ -> throw notFound();
    }
  }

  /** An asset never changes; and whatever it is, a browser shall only show it, never run it. */
  private static void send(Context ctx, Asset asset, String name, InputStream bytes)
      throws IOException {
    var tag = EntityTag.strong(asset.sha256());
    ctx.contentType(asset.type().value())
        .header("Content-Length", Long.toString(asset.bytes()))
        .header("ETag", tag.value())
        .header("Cache-Control", "private, max-age=31536000, immutable")
        .header("X-Content-Type-Options", "nosniff")
        .header("Content-Security-Policy", "sandbox; default-src 'none'")
        .header(
            "Content-Disposition",
            "inline; filename=\"" + name + "." + asset.type().extension() + "\"");
    if (tag.matches(ctx.header("If-None-Match"))) {
      ctx.status(304);
    } else if (!ctx.req().getMethod().equals("HEAD")) {
      copy(bytes, ctx.outputStream());
    }
  }

  private static void copy(InputStream bytes, OutputStream client) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int length = read(bytes, buffer); length >= 0; length = read(bytes, buffer)) {
      client.write(buffer, 0, length);
    }
  }

  /** Tells a storage that breaks off from a client that leaves. */
  private static int read(InputStream bytes, byte[] buffer) {
    try {
      return bytes.read(buffer);
    } catch (IOException e) {
      throw new UnavailableException("an output broke off while it was read", e);
    }
  }

  private static ProblemException notFound() {
    return new ProblemException(Problem.of(ProblemCode.NOT_FOUND));
  }
}
