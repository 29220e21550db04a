package dev.atelier.http.route;

import dev.atelier.application.port.BlobLink;
import dev.atelier.application.port.ByteRange;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.query.GetOutput.Content;
import dev.atelier.domain.Asset;
import dev.atelier.http.header.EntityTag;
import dev.atelier.http.header.RangeHeader;
import dev.atelier.http.problem.ProblemCode;
import dev.atelier.http.problem.ProblemException;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Serves a stored file: redirects to a signed URL if the blob store supports it, else streams the
 * bytes in constant memory. HEAD and 304 need only the row, not the blob.
 */
final class StoredFile {
  private static final int BUFFER_BYTES = 16 * 1024;

  private StoredFile() {}

  /** Only types that are safe to display are inline. */
  private static String disposition(Context ctx, Asset asset, String name) {
    boolean inline = asset.type().isInline() && ctx.queryParam("download") == null;
    String type = inline ? "inline" : "attachment";
    return type + "; filename=\"" + name + "." + asset.type().extension() + "\"";
  }

  /**
   * Responds with the file.
   *
   * @param name of the file when it is saved; never from the client
   */
  static void respond(Context ctx, Asset asset, Content content, String name) throws IOException {
    String disposition = disposition(ctx, asset, name);
    if (EntityTag.strong(asset.sha256()).matches(ctx.header("If-None-Match"))) {
      describe(ctx, asset, disposition);
      ctx.status(304).header("Content-Length", Long.toString(asset.bytes()));
    } else if (ctx.req().getMethod().equals("HEAD")) {
      describe(ctx, asset, disposition);
      ctx.header("Content-Length", Long.toString(asset.bytes()));
    } else {
      Optional<BlobLink> link = content.link(disposition);
      if (link.isPresent()) {
        redirect(ctx, link.get());
      } else {
        describe(ctx, asset, disposition);
        send(ctx, asset, content);
      }
    }
  }

  /** Cacheable for half its validity, so that a client still has time to download. */
  private static void redirect(Context ctx, BlobLink link) {
    ctx.status(302)
        .header("Location", link.url().toString())
        .header("Cache-Control", "private, max-age=" + link.usableFor().toSeconds() / 2);
  }

  /** An asset is immutable. A browser may show it, but must not run its scripts. */
  private static void describe(Context ctx, Asset asset, String disposition) {
    ctx.contentType(asset.type().value())
        .header("ETag", EntityTag.strong(asset.sha256()).value())
        .header("Accept-Ranges", "bytes")
        .header("Cache-Control", "private, max-age=31536000, immutable")
        .header("X-Content-Type-Options", "nosniff")
        .header("Content-Security-Policy", "sandbox; default-src 'none'")
        .header("Content-Disposition", disposition);
  }

  private static void send(Context ctx, Asset asset, Content content) throws IOException {
    long size = asset.bytes();
    switch (range(ctx, asset)) {
      case RangeHeader.Whole _ -> copy(ctx, content, new ByteRange(0, size));
      case RangeHeader.Part(ByteRange part) -> {
        long last = part.first() + part.length() - 1;
        ctx.status(206).header("Content-Range", "bytes " + part.first() + "-" + last + "/" + size);
        copy(ctx, content, part);
      }
      case RangeHeader.Unsatisfiable _ -> {
        ctx.header("Content-Range", "bytes */" + size);
        throw new ProblemException(ProblemCode.RANGE_NOT_SATISFIABLE);
      }
    }
  }

  /** {@code If-Range} requires a strong tag (RFC 9110 §13.1.5); otherwise the range is ignored. */
  private static RangeHeader range(Context ctx, Asset asset) {
    String ifRange = ctx.header("If-Range");
    return ifRange == null || ifRange.strip().equals(EntityTag.strong(asset.sha256()).value())
        ? RangeHeader.parse(ctx.header("Range"), asset.bytes())
        : new RangeHeader.Whole();
  }

  private static void copy(Context ctx, Content content, ByteRange range) throws IOException {
    try (InputStream bytes = content.open(range).orElseThrow(StoredFile::blobMissing)) {
      ctx.header("Content-Length", Long.toString(range.length()));
      OutputStream client = ctx.outputStream();
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int length = read(bytes, buffer); length >= 0; length = read(bytes, buffer)) {
        client.write(buffer, 0, length);
      }
    }
  }

  /** Distinguishes a storage failure from a client disconnect, which is an IOException too. */
  private static int read(InputStream bytes, byte[] buffer) {
    try {
      return bytes.read(buffer);
    } catch (IOException e) {
      throw new UnavailableException("storage failed while an output was read", e);
    }
  }

  private static ProblemException blobMissing() {
    return new ProblemException(ProblemCode.GONE);
  }
}
