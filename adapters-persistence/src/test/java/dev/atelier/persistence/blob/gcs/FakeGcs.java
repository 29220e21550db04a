package dev.atelier.persistence.blob.gcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * A local Google Cloud Storage server with the documented JSON API that we use: resumable uploads,
 * preconditions, checksums, ranges, permissions and signed URLs. It also offers the metadata and
 * IAM services that sign on Cloud Run, and injects faults.
 */
public final class FakeGcs implements AutoCloseable {
  /** The only bucket. */
  public static final String BUCKET = "atelier-test";

  static final String ACCOUNT = "atelier@project.iam.gserviceaccount.com";

  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (?:([0-9]+)-([0-9]+)|\\*)/([0-9]+|\\*)");
  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]+)-([0-9]*)");
  private static final Pattern UPLOAD = Pattern.compile("/upload/storage/v1/b/([^/]+)/o");
  private static final Pattern OBJECT =
      Pattern.compile("(?:/download)?/storage/v1/b/([^/]+)/o/([^/]+)");
  private static final Pattern OBJECTS = Pattern.compile("/storage/v1/b/([^/]+)/o");
  private static final Pattern PERMISSIONS =
      Pattern.compile("/storage/v1/b/([^/]+)/iam/testPermissions");
  private static final Pattern SIGN_BLOB =
      Pattern.compile("/v1/projects/-/serviceAccounts/([^/]+):signBlob");
  private static final Pattern METADATA = Pattern.compile("/computeMetadata/v1/.*");
  private static final Pattern SIGNED = Pattern.compile("/(" + BUCKET + ")/(.+)");

  /** A fault of one call. */
  enum Fault {
    /** 503. */
    UNAVAILABLE,
    /** 429. */
    TOO_MANY,
    /** 401. */
    UNAUTHORIZED,
    /** 403. */
    FORBIDDEN,
    /** The connection is closed before the call takes effect. */
    DROPPED,
    /** The call takes effect, but the connection is closed without a response. */
    REPLY_LOST,
    /** Half of the response is sent. */
    CUT,
    /** The object is stored with one byte changed, without a checksum check. */
    DAMAGED
  }

  /** An immutable object. */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  public record Stored(
      String name,
      long generation,
      long size,
      String crc32c,
      byte[] bytes,
      String contentType,
      String cacheControl,
      Optional<String> contentDisposition) {}

  private static final class Upload {
    private final String name;
    private final JsonNode metadata;
    private final boolean onlyIfAbsent;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CRC32C crc32c = new CRC32C();
    private long size;
    private Optional<Stored> done = Optional.empty();

    Upload(String name, JsonNode metadata, boolean onlyIfAbsent) {
      this.name = name;
      this.metadata = metadata;
      this.onlyIfAbsent = onlyIfAbsent;
    }

    void append(byte[] chunk, boolean keep) {
      size += chunk.length;
      crc32c.update(chunk);
      if (keep) {
        bytes.writeBytes(chunk);
      }
    }
  }

  /** Shared by all instances, because generating a key is slow. */
  private static final KeyPair KEYS = keyPair();

  private final Map<String, Stored> objects = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Upload> uploads = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong(1000);
  private final Map<String, Deque<Fault>> faults = new ConcurrentHashMap<>();
  private final Set<String> missing = ConcurrentHashMap.newKeySet();
  private final List<String> calls = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private volatile boolean bucketExists = true;
  private volatile boolean keepsBytes = true;

  private FakeGcs(HttpServer server) {
    this.server = server;
  }

  /** Starts it on a free port. */
  public static FakeGcs start() {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      var gcs = new FakeGcs(server);
      server.setExecutor(gcs.threads);
      server.createContext("/", gcs::handle);
      server.start();
      return gcs;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The endpoint for the client settings. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The key of {@link #ACCOUNT}. */
  KeyPair keys() {
    return KEYS;
  }

  /** The object with that name in the bucket. */
  public Optional<Stored> object(String name) {
    return Optional.ofNullable(objects.get(name));
  }

  /** Method and kind of every call so far: {@code PUT upload}, {@code GET media}. */
  synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  long count(String call) {
    return calls().stream().filter(call::equals).count();
  }

  /** The next calls of this kind fail with these faults. */
  void next(String call, Fault... how) {
    faults.computeIfAbsent(call, _ -> new ArrayDeque<>()).addAll(List.of(how));
  }

  /** Every call fails with this fault. */
  void always(Fault how) {
    next("*", Collections.nCopies(1000, how).toArray(Fault[]::new));
  }

  void heal() {
    faults.clear();
  }

  void bucketExists(boolean exists) {
    bucketExists = exists;
  }

  void lacks(String... permissions) {
    missing.clear();
    missing.addAll(List.of(permissions));
  }

  /** From now on, only size and checksum of objects are kept, to save memory. */
  void keepNoBytes() {
    keepsBytes = false;
  }

  private void handle(HttpExchange call) {
    try (call) {
      byte[] body = call.getRequestBody().readAllBytes();
      String kind = call.getRequestMethod() + " " + kind(call);
      synchronized (this) {
        calls.add(kind);
      }
      Optional<Fault> fault = nextFault(kind);
      switch (fault.orElse(null)) {
        case UNAVAILABLE -> error(call, 503, "backendError");
        case TOO_MANY -> error(call, 429, "rateLimitExceeded");
        case UNAUTHORIZED -> error(call, 401, "authError");
        case FORBIDDEN -> error(call, 403, "forbidden");
        case DROPPED -> {}
        case null, default -> answer(call, kind, body, fault);
      }
    } catch (IOException e) {
      // The client closed the connection.
    }
  }

  private Optional<Fault> nextFault(String kind) {
    return List.of(kind, "*").stream()
        .map(faults::get)
        .filter(Objects::nonNull)
        .map(
            queue -> {
              synchronized (queue) {
                return Optional.ofNullable(queue.poll());
              }
            })
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static String kind(HttpExchange call) {
    String path = call.getRequestURI().getRawPath();
    if (UPLOAD.matcher(path).matches()) {
      return "upload";
    }
    if (OBJECT.matcher(path).matches()) {
      return "media".equals(query(call).get("alt")) ? "media" : "object";
    }
    if (OBJECTS.matcher(path).matches()) {
      return "objects";
    }
    if (PERMISSIONS.matcher(path).matches()) {
      return "permissions";
    }
    if (path.equals("/token")) {
      return "token";
    }
    if (SIGN_BLOB.matcher(path).matches()) {
      return "signBlob";
    }
    return METADATA.matcher(path).matches() ? "metadata" : "signed";
  }

  private void answer(HttpExchange call, String kind, byte[] body, Optional<Fault> fault)
      throws IOException {
    String path = call.getRequestURI().getRawPath();
    Optional<String> bucket = bucket(path);
    if (bucket.isPresent() && !(bucketExists && bucket.get().equals(BUCKET))) {
      error(call, 404, "notFound");
      return;
    }
    switch (kind) {
      case "POST upload" -> begin(call, body);
      case "PUT upload" -> resume(call, body, fault);
      case "GET object" -> describe(call, object(objectName(path)));
      case "GET media" -> send(call, object(objectName(path)), fault);
      case "GET signed" -> sendSigned(call);
      case "DELETE object" -> delete(call, objectName(path));
      case "GET objects" -> json(call, 200, JSON.createObjectNode().put("kind", "storage#objects"));
      case "GET permissions" -> permissions(call);
      case "POST signBlob" -> signBlob(call, body);
      case "GET metadata" -> metadata(call, path);
      case "POST token" -> token(call);
      default -> error(call, 400, "invalid");
    }
  }

  private static Optional<String> bucket(String path) {
    for (Pattern pattern : List.of(UPLOAD, OBJECT, OBJECTS, PERMISSIONS)) {
      Matcher matcher = pattern.matcher(path);
      if (matcher.matches()) {
        return Optional.of(matcher.group(1));
      }
    }
    return Optional.empty();
  }

  private static String objectName(String path) {
    Matcher matcher = OBJECT.matcher(path);
    if (!matcher.matches()) {
      throw new IllegalStateException(path);
    }
    return decode(matcher.group(2));
  }

  private void begin(HttpExchange call, byte[] body) throws IOException {
    Map<String, String> query = query(call);
    String name = query.get("name");
    boolean onlyIfAbsent = "0".equals(query.get("ifGenerationMatch"));
    if (!"resumable".equals(query.get("uploadType")) || name == null) {
      error(call, 400, "required");
    } else if (missing.contains("storage.objects.create")) {
      error(call, 403, "forbidden");
    } else if (onlyIfAbsent && objects.containsKey(name)) {
      error(call, 412, "conditionNotMet");
    } else {
      String id = Long.toString(numbers.incrementAndGet());
      uploads.put(id, new Upload(name, JSON.readTree(body), onlyIfAbsent));
      call.getResponseHeaders()
          .set(
              "Location",
              endpoint() + call.getRequestURI().getRawPath() + "?upload_id=" + id + "&s3cret=1");
      call.sendResponseHeaders(200, -1);
    }
  }

  private void resume(HttpExchange call, byte[] body, Optional<Fault> fault) throws IOException {
    Upload upload = uploads.get(String.valueOf(query(call).get("upload_id")));
    Matcher range =
        CONTENT_RANGE.matcher(String.valueOf(call.getRequestHeaders().getFirst("Content-Range")));
    if (upload == null || !range.matches()) {
      error(call, upload == null ? 404 : 400, "invalid");
      return;
    }
    synchronized (upload) {
      if (upload.done.isEmpty()) {
        if (range.group(1) != null && Long.parseLong(range.group(1)) == upload.size) {
          upload.append(body, keepsBytes);
        }
        if (range.group(3).equals(Long.toString(upload.size)) && !complete(call, upload, fault)) {
          return;
        }
      }
      if (fault.isPresent() && fault.get() == Fault.REPLY_LOST) {
        return;
      }
      if (upload.done.isPresent()) {
        describe(call, upload.done);
      } else {
        if (upload.size > 0) {
          call.getResponseHeaders().set("Range", "bytes=0-" + (upload.size - 1));
        }
        call.sendResponseHeaders(308, -1);
      }
    }
  }

  private boolean complete(HttpExchange call, Upload upload, Optional<Fault> fault)
      throws IOException {
    byte[] bytes = upload.bytes.toByteArray();
    String sum = base64((int) upload.crc32c.getValue());
    String hash = String.valueOf(call.getRequestHeaders().getFirst("x-goog-hash"));
    if (fault.isPresent() && fault.get() == Fault.DAMAGED) {
      bytes[bytes.length / 2] ^= 1;
      var damaged = new CRC32C();
      damaged.update(bytes);
      sum = base64((int) damaged.getValue());
    } else if (hash.startsWith("crc32c=") && !hash.equals("crc32c=" + sum)) {
      error(call, 400, "invalid");
      return false;
    }
    var stored =
        new Stored(
            upload.name,
            numbers.incrementAndGet(),
            upload.size,
            sum,
            bytes,
            upload.metadata.path("contentType").asText(),
            upload.metadata.path("cacheControl").asText(),
            Optional.ofNullable(upload.metadata.path("contentDisposition").textValue()));
    if (upload.onlyIfAbsent && objects.putIfAbsent(upload.name, stored) != null) {
      error(call, 412, "conditionNotMet");
      return false;
    }
    objects.put(upload.name, stored);
    upload.done = Optional.of(stored);
    return true;
  }

  private static void describe(HttpExchange call, Optional<Stored> found) throws IOException {
    if (found.isEmpty()) {
      error(call, 404, "notFound");
      return;
    }
    Stored stored = found.get();
    json(
        call,
        200,
        JSON.createObjectNode()
            .put("kind", "storage#object")
            .put("bucket", BUCKET)
            .put("name", stored.name())
            .put("generation", Long.toString(stored.generation()))
            .put("metageneration", "1")
            .put("contentType", stored.contentType())
            .put("cacheControl", stored.cacheControl())
            .put("size", Long.toString(stored.size()))
            .put("crc32c", stored.crc32c()));
  }

  private static void send(HttpExchange call, Optional<Stored> found, Optional<Fault> fault)
      throws IOException {
    String wanted = query(call).getOrDefault("generation", "");
    if (found.isEmpty()
        || !(wanted.isEmpty() || wanted.equals(Long.toString(found.get().generation())))) {
      error(call, 404, "notFound");
      return;
    }
    Stored stored = found.get();
    byte[] bytes = stored.bytes();
    Matcher range = RANGE.matcher(String.valueOf(call.getRequestHeaders().getFirst("Range")));
    int from = 0;
    int to = bytes.length;
    int status = 200;
    if (range.matches()) {
      from = (int) Math.min(Integer.MAX_VALUE, Long.parseLong(range.group(1)));
      if (from >= bytes.length) {
        error(call, 416, "requestedRangeNotSatisfiable");
        return;
      }
      to =
          range.group(2).isEmpty()
              ? bytes.length
              : (int) Math.min(bytes.length, Long.parseLong(range.group(2)) + 1);
      status = 206;
      call.getResponseHeaders()
          .set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + bytes.length);
    }
    call.getResponseHeaders().set("Content-Type", stored.contentType());
    call.getResponseHeaders().set("x-goog-generation", Long.toString(stored.generation()));
    Optional.ofNullable(query(call).get("response-content-disposition"))
        .or(stored::contentDisposition)
        .ifPresent(value -> call.getResponseHeaders().set("Content-Disposition", value));
    call.sendResponseHeaders(status, to - from);
    boolean cut = fault.isPresent() && fault.get() == Fault.CUT;
    call.getResponseBody().write(bytes, from, cut ? (to - from) / 2 : to - from);
  }

  private void delete(HttpExchange call, String name) throws IOException {
    Stored stored = objects.get(name);
    String match = query(call).get("ifGenerationMatch");
    if (missing.contains("storage.objects.delete")) {
      error(call, 403, "forbidden");
    } else if (stored == null) {
      error(call, 404, "notFound");
    } else if (match == null || !match.equals(Long.toString(stored.generation()))) {
      error(call, 412, "conditionNotMet");
    } else {
      objects.remove(name, stored);
      call.sendResponseHeaders(204, -1);
    }
  }

  private void permissions(HttpExchange call) throws IOException {
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode held = answer.putArray("permissions");
    for (String pair : call.getRequestURI().getRawQuery().split("&", -1)) {
      String permission = pair.replace("permissions=", "");
      if (pair.startsWith("permissions=") && !missing.contains(permission)) {
        held.add(permission);
      }
    }
    json(call, 200, answer);
  }

  private void signBlob(HttpExchange call, byte[] body) throws IOException {
    if (missing.contains("iam.serviceAccounts.signBlob")) {
      error(call, 403, "forbidden");
      return;
    }
    byte[] payload = Base64.getDecoder().decode(JSON.readTree(body).path("payload").asText());
    json(
        call,
        200,
        JSON.createObjectNode()
            .put("keyId", "1")
            .put("signedBlob", Base64.getEncoder().encodeToString(sign(payload))));
  }

  private static void metadata(HttpExchange call, String path) throws IOException {
    if (path.endsWith("/token")) {
      token(call);
      return;
    }
    if (path.endsWith("/email")) {
      byte[] email = ACCOUNT.getBytes(StandardCharsets.UTF_8);
      call.getResponseHeaders().set("Metadata-Flavor", "Google");
      call.sendResponseHeaders(200, email.length);
      call.getResponseBody().write(email);
      return;
    }
    error(call, 404, "notFound");
  }

  private static void token(HttpExchange call) throws IOException {
    json(
        call,
        200,
        JSON.createObjectNode()
            .put("access_token", "token")
            .put("expires_in", 3600)
            .put("token_type", "Bearer"));
  }

  /** Verifies the V4 signature from the request. */
  private void sendSigned(HttpExchange call) throws IOException {
    Matcher object = SIGNED.matcher(call.getRequestURI().getRawPath());
    if (!object.matches() || !isWellSigned(call)) {
      error(call, 403, "SignatureDoesNotMatch");
      return;
    }
    send(call, object(decode(object.group(2))), Optional.empty());
  }

  private boolean isWellSigned(HttpExchange call) {
    var sorted = new TreeMap<String, String>();
    for (String pair : String.valueOf(call.getRequestURI().getRawQuery()).split("&", -1)) {
      int equals = pair.indexOf('=');
      sorted.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    String signature = sorted.remove("X-Goog-Signature");
    String date = sorted.getOrDefault("X-Goog-Date", "");
    String scope = decode(sorted.getOrDefault("X-Goog-Credential", "")).replace(ACCOUNT + "/", "");
    if (signature == null || !"host".equals(sorted.get("X-Goog-SignedHeaders"))) {
      return false;
    }
    var canonicalQuery = new ArrayList<String>();
    sorted.forEach((name, value) -> canonicalQuery.add(name + "=" + value));
    String canonical =
        String.join(
            "\n",
            call.getRequestMethod(),
            call.getRequestURI().getRawPath(),
            String.join("&", canonicalQuery),
            "host:" + call.getRequestHeaders().getFirst("Host"),
            "",
            "host",
            "UNSIGNED-PAYLOAD");
    String toSign = String.join("\n", "GOOG4-RSA-SHA256", date, scope, sha256(canonical));
    try {
      Signature rsa = Signature.getInstance("SHA256withRSA");
      rsa.initVerify(KEYS.getPublic());
      rsa.update(toSign.getBytes(StandardCharsets.UTF_8));
      return rsa.verify(HexFormat.of().parseHex(signature));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] sign(byte[] payload) {
    try {
      Signature rsa = Signature.getInstance("SHA256withRSA");
      rsa.initSign(KEYS.getPrivate());
      rsa.update(payload);
      return rsa.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair keyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(int sum) {
    return Base64.getEncoder().encodeToString(ByteBuffer.allocate(4).putInt(sum).array());
  }

  private static Map<String, String> query(HttpExchange call) {
    var values = new TreeMap<String, String>();
    String query = call.getRequestURI().getRawQuery();
    for (String pair : (query == null ? "" : query).split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        values.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      }
    }
    return values;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static void error(HttpExchange call, int status, String reason) throws IOException {
    ObjectNode answer = JSON.createObjectNode();
    ObjectNode error = answer.putObject("error").put("code", status).put("message", "s3cret");
    error.putArray("errors").addObject().put("reason", reason).put("message", "s3cret");
    json(call, status, answer);
  }

  private static void json(HttpExchange call, int status, JsonNode body) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(body);
    call.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
    call.getResponseHeaders().set("Metadata-Flavor", "Google");
    call.sendResponseHeaders(status, bytes.length);
    call.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
