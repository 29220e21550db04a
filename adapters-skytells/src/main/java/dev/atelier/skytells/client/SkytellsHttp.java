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

/** Makes single calls to Skytells, and tells for each whether it may have arrived. */
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

  /** The same connections, but no call takes longer than this. */
  SkytellsHttp within(Duration time, SkytellsSettings settings) {
    return new SkytellsHttp(
        client.newBuilder().readTimeout(time).callTimeout(time).build(), settings, clock, limits);
  }

  /** What the answers have said about the account's limits. */
  RequestLimits limits() {
    return limits.latest();
  }

  /** A client that never sends anything twice of its own accord, and follows nobody. */
  static OkHttpClient client(SkytellsSettings settings) {
    return new OkHttpClient.Builder()
        .retryOnConnectionFailure(false)
        .followRedirects(false)
        .followSslRedirects(false)
        .connectTimeout(settings.timeouts().connect())
        .readTimeout(settings.timeouts().read())
        .writeTimeout(settings.timeouts().read())
        .callTimeout(settings.timeouts().call())
        // A connection that the other side closes just as a create goes out on it makes that create
        // unconfirmed. Ours are closed before any usual server would do so.
        .connectionPool(new ConnectionPool(5, 4, TimeUnit.SECONDS))
        .build();
  }

  HttpUrl.Builder address(String path) {
    return base.newBuilder().addPathSegments(path);
  }

  CallResult get(HttpUrl address, DocumentReader reader) {
    return callResult(new Request.Builder().url(address), reader);
  }

  CallResult post(HttpUrl address, byte[] json) {
    return callResult(
        new Request.Builder().url(address).post(new OneShot(json)), DocumentReader.COMPLETE);
  }

  CallResult delete(HttpUrl address) {
    return callResult(new Request.Builder().url(address).delete(), DocumentReader.COMPLETE);
  }

  private CallResult callResult(Request.Builder request, DocumentReader reader) {
    request.header("x-api-key", apiKey);
    TraceContext.current().ifPresent(trace -> request.header("traceparent", trace.traceparent()));
    Call call = client.newCall(request.build());
    var sending = new Sending();
    call.addEventListener(sending);
    try (Response response = call.execute()) {
      Optional<Duration> retryAfter =
          Optional.ofNullable(response.header("Retry-After"))
              .flatMap(header -> RetryAfter.parse(header, clock));
      limits.read(response.code(), name -> Optional.ofNullable(response.header(name)));
      Optional<JsonNode> json = json(response, reader);
      return new CallResult.Answer(response.code(), json, retryAfter);
    } catch (IOException e) {
      String reason = e.getClass().getSimpleName();
      return sending.started ? new CallResult.Lost(reason) : new CallResult.NotSent(reason);
    }
  }

  /** A body that breaks off is as good as none: the status alone was answered. */
  private static Optional<JsonNode> json(Response response, DocumentReader reader) {
    try {
      return reader.read(response.body().byteStream());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Closes what connections are idle. */
  @Override
  public void close() {
    client.connectionPool().evictAll();
  }

  /** Notes whether the request has begun to be written. */
  private static final class Sending extends EventListener {
    private volatile boolean started;

    @Override
    public void requestHeadersStart(Call call) {
      started = true;
    }
  }

  /** A body that the library must not send again, as it would after {@code 503 Retry-After: 0}. */
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
