package dev.atelier.http.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.generate.CreateGeneration;
import dev.atelier.application.generate.CreateGeneration.Result.Accepted;
import dev.atelier.application.generate.CreateGeneration.Result.BudgetExceeded;
import dev.atelier.application.generate.CreateGeneration.Result.InputNotFound;
import dev.atelier.application.generate.CreateGeneration.Result.InputUnreachable;
import dev.atelier.application.generate.CreateGeneration.Result.KeyReused;
import dev.atelier.application.generate.CreateGeneration.Result.LimitReached;
import dev.atelier.application.generate.CreateGeneration.Result.ModelOffline;
import dev.atelier.application.generate.CreateGeneration.Result.Refused;
import dev.atelier.application.generate.CreateGeneration.Result.Replayed;
import dev.atelier.application.generate.InvalidRequestException;
import dev.atelier.application.generate.InvalidRequestException.FieldError;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.query.AccessScope;
import dev.atelier.application.query.GetStatus;
import dev.atelier.application.subscribe.SubscribeToGeneration;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.IdempotencyKey;
import dev.atelier.http.auth.CallerResolver;
import dev.atelier.http.header.EntityTag;
import dev.atelier.http.header.IdempotencyKeys;
import dev.atelier.http.header.PreferHeader;
import dev.atelier.http.header.RateLimitHeaders;
import dev.atelier.http.problem.Problem;
import dev.atelier.http.problem.ProblemCode;
import dev.atelier.http.problem.ProblemException;
import dev.atelier.http.request.Json;
import dev.atelier.http.request.Routes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts generations and returns their status. */
public final class GenerationRoutes implements Routes {
  private static final Logger log = LoggerFactory.getLogger(GenerationRoutes.class);
  private static final int MAX_BODY_BYTES = 128 * 1024;

  /** In seconds; an image takes a few. */
  private static final String POLL_INTERVAL = "2";

  /** For the active limit, and for a provider that sent no {@code Retry-After}. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

  private static final Pattern JSON_IN_UTF_8 =
      Pattern.compile("(?i)application/json\\s*(;\\s*charset\\s*=\\s*(utf-8|\"utf-8\")\\s*)?");
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,4}");

  private final CreateGeneration createGeneration;
  private final GetStatus getStatus;
  private final LongPoll longPoll;
  private final CallerResolver callerResolver;
  private final Links links;
  private final GenerationJson generationJson;

  public GenerationRoutes(
      CreateGeneration createGeneration,
      GetStatus getStatus,
      LongPoll longPoll,
      CallerResolver callerResolver,
      Links links) {
    this.createGeneration = createGeneration;
    this.getStatus = getStatus;
    this.longPoll = longPoll;
    this.callerResolver = callerResolver;
    this.links = links;
    this.generationJson = new GenerationJson(links);
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.post("/api/generate", this::generate);
    Routes.read(routes, "/api/generate/{id}", this::status);
    Routes.read(routes, "/api/predictions/{id}", this::status);
  }

  private void generate(Context ctx) throws IOException {
    requireJson(ctx);
    byte[] body = RequestBody.read(ctx, MAX_BODY_BYTES);
    List<String> preferences = Collections.list(ctx.req().getHeaders("Prefer"));
    Optional<Duration> wait = PreferHeader.waitAtMost(preferences);
    Optional<IdempotencyKey> key =
        IdempotencyKeys.read(Collections.list(ctx.req().getHeaders(IdempotencyKeys.HEADER)));
    CreateGeneration.Command command =
        GenerateRequestBody.read(body, named -> callerResolver.owner(ctx, named), key);
    switch (createGeneration.create(command)) {
      case Accepted accepted -> accepted(ctx, accepted.generation(), wait);
      case Replayed replayed -> {
        ctx.header("Idempotent-Replayed", "true");
        accepted(ctx, replayed.generation(), wait);
      }
      case KeyReused _ -> throw new ProblemException(ProblemCode.IDEMPOTENCY_KEY_REUSED);
      case ModelOffline _ -> throw new ProblemException(ProblemCode.MODEL_OFFLINE);
      case InputNotFound input -> throw invalidInput(ProblemCode.INPUT_NOT_FOUND, input.path());
      case InputUnreachable input ->
          throw invalidInput(ProblemCode.UNREACHABLE_INPUT, input.path());
      case BudgetExceeded exceeded ->
          throw new ProblemException(
              Problem.of(ProblemCode.BUDGET_EXCEEDED).retryAfter(exceeded.retryAfter()));
      case LimitReached limit -> {
        RateLimitHeaders.activeLimitReached(ctx, RETRY_AFTER);
        throw new ProblemException(
            Problem.of(
                    ProblemCode.QUOTA_EXCEEDED,
                    "The limit of "
                        + limit.activeLimit()
                        + " active generations is reached. Wait until one of them has ended.")
                .retryAfter(RETRY_AFTER));
      }
      case Refused refused -> throw new ProblemException(problem(refused));
    }
  }

  private static ProblemException invalidInput(ProblemCode code, String path) {
    Problem problem = Problem.of(code);
    return new ProblemException(problem.with(new FieldError(path, problem.detail())));
  }

  private Generation awaitEnd(Context ctx, Generation generation, Duration atMost) {
    if (atMost.isZero() || !generation.isActive()) {
      return generation;
    }
    var query = new SubscribeToGeneration.Query(new AccessScope.All(), generation.id());
    try {
      return longPoll.awaitEnd(ctx, query, atMost).orElse(generation);
    } catch (UnavailableException e) {
      // Not a 503: the generation was accepted.
      log.warn(
          "cannot wait for the end of a generation, responding at once: generation={} reason={}",
          generation.id(),
          e.reason());
      return generation;
    }
  }

  private void accepted(Context ctx, Generation started, Optional<Duration> wait) {
    Generation generation = awaitEnd(ctx, started, wait.orElse(Duration.ZERO));
    ctx.header("Location", links.generation(generation.id())).header("Cache-Control", "no-store");
    if (generation.isActive()) {
      ctx.header("Retry-After", POLL_INTERVAL);
      Json.respond(ctx, 202, generationJson.of(generation));
    } else {
      wait.ifPresent(granted -> ctx.header("Preference-Applied", "wait=" + granted.toSeconds()));
      Json.respond(ctx, 200, generationJson.of(generation));
    }
  }

  private static Problem problem(Refused refused) {
    ProblemCode code = ProblemCode.of(refused.failure().code());
    Problem problem =
        Problem.of(code)
            .with(Json.object().put("generationId", refused.generation().id().toString()));
    return code == ProblemCode.PROVIDER_BUSY
        ? problem.retryAfter(refused.retryAfter().orElse(RETRY_AFTER))
        : problem;
  }

  private void status(Context ctx) {
    Generation generation = find(ctx);
    ObjectNode json = generationJson.of(generation);
    var tag = EntityTag.of(json);
    ctx.header("ETag", tag.value());
    // A final state never changes, but the generation may be deleted.
    ctx.header(
        "Cache-Control", generation.isActive() ? "private, no-cache" : "private, max-age=60");
    if (generation.isActive()) {
      ctx.header("Retry-After", POLL_INTERVAL);
    }
    if (tag.matches(ctx.header("If-None-Match"))) {
      // A cache updates its stored headers from a 304.
      ctx.status(304)
          .contentType(Json.MEDIA_TYPE)
          .header("Content-Length", Integer.toString(Json.bytes(json).length));
    } else {
      Json.respond(ctx, 200, json);
    }
  }

  private Generation find(Context ctx) {
    AccessScope accessScope = callerResolver.accessScope(ctx);
    Duration waitAtMost = waitAtMost(ctx);
    return GenerationId.parse(ctx.pathParam("id"))
        .flatMap(
            id ->
                waitAtMost.isZero()
                    ? find(new GetStatus.Query(accessScope, id))
                    : longPoll.awaitEnd(
                        ctx, new SubscribeToGeneration.Query(accessScope, id), waitAtMost))
        .orElseThrow(ProblemException::notFound);
  }

  private Optional<Generation> find(GetStatus.Query query) {
    return switch (getStatus.get(query)) {
      case GetStatus.Result.Found found -> Optional.of(found.generation());
      case GetStatus.Result.NotFound _ -> Optional.empty();
    };
  }

  /** Against CSRF: browsers send JSON cross-origin only after a preflight. */
  private static void requireJson(Context ctx) {
    String type = ctx.header("Content-Type");
    if (type == null || !JSON_IN_UTF_8.matcher(type.strip()).matches()) {
      throw new ProblemException(ProblemCode.UNSUPPORTED_MEDIA_TYPE);
    }
  }

  private static Duration waitAtMost(Context ctx) {
    List<String> values = ctx.queryParamMap().get("wait");
    if (values == null) {
      return Duration.ZERO;
    }
    String value = String.join(",", values);
    if (!SECONDS.matcher(value).matches()
        || Integer.parseInt(value) > PreferHeader.MAX_WAIT_SECONDS) {
      throw new InvalidRequestException(
          "wait", "must be between 0 and " + PreferHeader.MAX_WAIT_SECONDS + " seconds");
    }
    return Duration.ofSeconds(Integer.parseInt(value));
  }
}
