package dev.atelier.skytells.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.application.port.RequestLimits;
import dev.atelier.application.port.TraceContext;
import dev.atelier.skytells.json.DocumentReader;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;

/** Makes one HTTP call and reports whether Skytells may have received it. */
final class SkytellsHttp implements AutoCloseable {
  private static final MediaType JSON = MediaType.get("application/json");

  private final OkHttpClient client;
  private final HttpUrl base;
  private final String apiKey;
  private final Clock clock;
  private final RateLimitHeaders limits;

  SkytellsHttp(OkHttpClient client, SkytellsSettings settings, Clock clock) {
    this(client, settings, clock, new RateLimitHeaders(clock));
  }

  private SkytellsHttp(
      OkHttpClient client, SkytellsSettings settings, Clock clock, RateLimitHeaders limits) {
    this.client = client;
    this.base = HttpUrl.get(settings.baseUrl().toString());
    this.apiKey = settings.apiKey().value();
    this.clock = clock;
    this.limits = limits;
  }

  SkytellsHttp withTimeout(Duration timeout, SkytellsSettings settings) {
    return new SkytellsHttp(
        client.newBuilder().readTimeout(timeout).callTimeout(timeout).build(),
        settings,
        clock,
        limits);
  }

  RequestLimits limits() {
    return limits.latest();
  }

  static OkHttpClient client(SkytellsSettings settings) {
    return new OkHttpClient.Builder()
        .retryOnConnectionFailure(false)
        .followRedirects(false)
        .followSslRedirects(false)
        .connectTimeout(settings.timeouts().connect())
        .readTimeout(settings.timeouts().read())
        .writeTimeout(settings.timeouts().read())
        .callTimeout(settings.timeouts().call())
        // If the server closes an idle connection while a create is sent on it, the create is
        // unconfirmed. So close idle connections earlier than usual servers do.
        .connectionPool(new ConnectionPool(5, 4, TimeUnit.SECONDS))
        .build();
  }

  HttpUrl.Builder address(String path) {
    return base.newBuilder().addPathSegments(path);
  }

  CallResult get(HttpUrl address, DocumentReader reader) {
    return execute(new Request.Builder().url(address), reader);
  }

  CallResult post(HttpUrl address, byte[] json) {
    return execute(
        new Request.Builder().url(address).post(new OneShot(json)), DocumentReader.COMPLETE);
  }

  CallResult delete(HttpUrl address) {
    return execute(new Request.Builder().url(address).delete(), DocumentReader.COMPLETE);
  }

  private CallResult execute(Request.Builder request, DocumentReader reader) {
    request.header("x-api-key", apiKey);
    TraceContext.current().ifPresent(trace -> request.header("traceparent", trace.traceparent()));
    Call call = client.newCall(request.build());
    var listener = new SendListener();
    call.addEventListener(listener);
    try (Response response = call.execute()) {
      Optional<Duration> retryAfter =
          Optional.ofNullable(response.header("Retry-After"))
              .flatMap(header -> RetryAfter.parse(header, clock));
      limits.read(response.code(), name -> Optional.ofNullable(response.header(name)));
      Optional<JsonNode> json = json(response, reader);
      return new CallResult.Response(response.code(), json, retryAfter);
    } catch (IOException e) {
      String reason = e.getClass().getSimpleName();
      return listener.requestStarted
          ? new CallResult.NoResponse(reason)
          : new CallResult.NotSent(reason);
    }
  }

  /** Ignores a truncated body. */
  private static Optional<JsonNode> json(Response response, DocumentReader reader) {
    try {
      return reader.read(response.body().byteStream());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    client.connectionPool().evictAll();
  }

  private static final class SendListener extends EventListener {
    private volatile boolean requestStarted;

    @Override
    public void requestHeadersStart(Call call) {
      requestStarted = true;
    }
  }

  /** OkHttp must not resend it, as it would after {@code 503 Retry-After: 0}. */
  private static final class OneShot extends RequestBody {
    private final byte[] bytes;

    OneShot(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public MediaType contentType() {
      return JSON;
    }

    @Override
    public long contentLength() {
      return bytes.length;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      sink.write(bytes);
    }
  }
}
