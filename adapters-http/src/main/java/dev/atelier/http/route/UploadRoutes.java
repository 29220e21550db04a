package dev.atelier.http.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.generate.InvalidRequestException;
import dev.atelier.application.query.GetOutput;
import dev.atelier.application.upload.CreateUpload;
import dev.atelier.application.upload.DeleteUpload;
import dev.atelier.application.upload.GetUpload;
import dev.atelier.domain.Asset;
import dev.atelier.domain.Dimensions;
import dev.atelier.domain.Upload;
import dev.atelier.domain.UploadId;
import dev.atelier.domain.UserId;
import dev.atelier.http.auth.CallerResolver;
import dev.atelier.http.problem.Problem;
import dev.atelier.http.problem.ProblemCode;
import dev.atelier.http.problem.ProblemException;
import dev.atelier.http.request.Json;
import dev.atelier.http.request.Routes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Receives, serves and deletes uploads. */
public final class UploadRoutes implements Routes {
  private final CreateUpload createUpload;
  private final GetUpload getUpload;
  private final DeleteUpload deleteUpload;
  private final CallerResolver callerResolver;
  private final Links links;
  private final int maxBytes;

  /**
   * @param maxBytes the maximum size of a file
   */
  public UploadRoutes(
      CreateUpload createUpload,
      GetUpload getUpload,
      DeleteUpload deleteUpload,
      CallerResolver callerResolver,
      Links links,
      int maxBytes) {
    this.createUpload = createUpload;
    this.getUpload = getUpload;
    this.deleteUpload = deleteUpload;
    this.callerResolver = callerResolver;
    this.links = links;
    this.maxBytes = maxBytes;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.post("/api/uploads", this::create);
    Routes.read(routes, "/api/uploads/{id}", this::get);
    routes.delete("/api/uploads/{id}", this::delete);
  }

  private void create(Context ctx) throws IOException {
    UserId owner = callerResolver.owner(ctx);
    boolean keepMetadata = keepMetadata(ctx);
    CreateUpload.Result result =
        MultipartFile.isMultipart(ctx)
            ? MultipartFile.read(
                ctx, maxBytes, file -> create(owner, keepMetadata, file.type(), file.body()))
            : create(
                owner,
                keepMetadata,
                Optional.ofNullable(ctx.contentType()),
                RequestBody.stream(ctx, maxBytes));
    switch (result) {
      case CreateUpload.Result.Stored stored -> created(ctx, stored.upload());
      case CreateUpload.Result.Rejected rejected ->
          throw new ProblemException(Problem.of(ProblemCode.UNUSABLE_FILE, rejected.rule()));
      case CreateUpload.Result.LimitReached limit ->
          throw new ProblemException(
              Problem.of(
                      ProblemCode.UPLOAD_LIMIT_REACHED,
                      "The limit of " + limit.perDay() + " uploads per day is reached.")
                  .retryAfter(limit.retryAfter()));
      case CreateUpload.Result.Busy _ -> throw new ProblemException(Problem.unavailable());
    }
  }

  private CreateUpload.Result create(
      UserId owner, boolean keepMetadata, Optional<String> declaredType, InputStream body)
      throws IOException {
    return createUpload.create(new CreateUpload.Command(owner, declaredType, keepMetadata, body));
  }

  /** {@code ?keepMetadata} and {@code ?keepMetadata=true}. */
  private static boolean keepMetadata(Context ctx) {
    String value = ctx.queryParam("keepMetadata");
    if (value == null || value.equals("false")) {
      return false;
    }
    if (!value.isEmpty() && !value.equals("true")) {
      throw new InvalidRequestException("keepMetadata", "must be true or false");
    }
    return true;
  }

  private void created(Context ctx, Upload upload) {
    String url = links.upload(upload.id());
    Asset asset = upload.asset();
    ObjectNode json =
        Json.object()
            .put("id", upload.id().toString())
            .put("url", url)
            .put("contentType", asset.type().value())
            .put("bytes", asset.bytes())
            .put("width", asset.dimensions().map(Dimensions::width).orElse(null))
            .put("height", asset.dimensions().map(Dimensions::height).orElse(null))
            .put("expiresAt", upload.expiresAt().toString());
    ctx.header("Location", url).header("Cache-Control", "no-store");
    Json.respond(ctx, 201, json);
  }

  private void get(Context ctx) throws IOException {
    UploadId id = id(ctx);
    switch (getUpload.get(callerResolver.accessScope(ctx), id)) {
      case GetOutput.Result.Found found ->
          StoredFile.respond(ctx, found.asset(), found.content(), id.toString());
      case GetOutput.Result.NotFound _ -> throw ProblemException.notFound();
    }
  }

  private void delete(Context ctx) {
    if (!deleteUpload.delete(callerResolver.accessScope(ctx), id(ctx))) {
      throw ProblemException.notFound();
    }
    ctx.status(204);
  }

  private static UploadId id(Context ctx) {
    return UploadId.parse(ctx.pathParam("id")).orElseThrow(ProblemException::notFound);
  }
}
