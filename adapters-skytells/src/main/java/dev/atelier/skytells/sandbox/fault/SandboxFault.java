package dev.atelier.skytells.sandbox.fault;

/**
 * A fault that the sandbox produces on demand. {@code docs/sandbox.md} lists them; a test compares
 * the two.
 */
public enum SandboxFault {
  WEBHOOK_DROP("webhook:drop", "No webhook is sent."),
  WEBHOOK_LOSSY(
      "webhook:lossy", 10, "N percent of the webhooks are not sent; the same ones in each run."),
  WEBHOOK_DELAY("webhook:delay", 5, "The webhook is sent N seconds after the end."),
  WEBHOOK_REPEAT("webhook:repeat", 5, "The webhook is sent N times concurrently."),
  WEBHOOK_EARLY(
      "webhook:early",
      "The prediction ends and its webhook is answered before the create response is sent."),
  WEBHOOK_DISORDER(
      "webhook:disorder", "After the final webhook, one with status processing is sent."),
  WEBHOOK_FORGED("webhook:forged", "The webhook is signed with an unknown key."),
  WEBHOOK_UNSIGNED("webhook:unsigned", "The webhook has no signature."),
  WEBHOOK_API_KEY("webhook:api-key", "The webhook is signed with the API key."),
  WEBHOOK_PREFIXED("webhook:prefixed", "The signature starts with sha256=."),
  WEBHOOK_UPPERCASE("webhook:uppercase", "The signature is in upper case."),
  WEBHOOK_ENVELOPED(
      "webhook:enveloped", "The webhook's body is an event that contains the prediction."),
  WEBHOOK_IGNORED(
      "webhook:ignored",
      "The requested webhook is ignored: the response shows null, and none is sent."),
  CREATE_500("create:500", "Creating answers 500; nothing is accepted."),
  CREATE_500_ACCEPTED(
      "create:500-accepted", "Creating answers 500, but the prediction is accepted."),
  CREATE_502_HTML(
      "create:502-html", "Creating answers 502 with an HTML page; nothing is accepted."),
  CREATE_BUSY("create:busy", "Creating always answers 429 with Retry-After: 12."),
  CREATE_BUSY_DATE("create:busy-date", "Like create:busy, but Retry-After is a date."),
  CREATE_429(
      "create:429",
      1,
      "The first N attempts of a create request get 429 with Retry-After: 1; the next one is accepted."),
  CREATE_NO_CREDITS("create:no-credits", "Creating answers 402; nothing is accepted."),
  CREATE_SUSPENDED(
      "create:suspended",
      "Creating answers 403 with an error body that is not wrapped in `error`; nothing is accepted."),
  CREATE_POLICY("create:policy", "Creating answers 451; nothing is accepted."),
  CREATE_INFERENCE_ERROR(
      "create:inference-error",
      "Creating answers 400 in the error format of Skytells' inference API; nothing is accepted."),
  CREATE_SLOW(
      "create:slow", 10, "The prediction is accepted; the response is sent after N seconds."),
  CREATE_CUT(
      "create:cut", "The prediction is accepted; the connection is closed without a response."),
  CREATE_STATUS_FALSE(
      "create:status-false",
      "The prediction is accepted; the response has status false and the id."),
  CREATE_GARBAGE("create:garbage", "The prediction is accepted; the response is 200 without JSON."),
  CREATE_MINIMAL(
      "create:minimal",
      "The prediction is accepted; the response is 200 with the minimal fields only."),
  CREATE_UUID("create:uuid", "The id of the prediction is a UUID."),
  GET_PREDICTION_FAILED(
      "get:prediction-failed", 1, "The first N polls answer 502 with PREDICTION_FAILED."),
  GET_502_HTML("get:502-html", 2, "The first N polls answer 502 with an HTML page."),
  GET_500("get:500", "Every poll answers 500."),
  GET_429("get:429", 2, "The first N polls answer 429 with Retry-After: 1."),
  GET_UNKNOWN("get:unknown", 1, "The first N polls answer that the prediction is unknown."),
  LIST_NEWEST(
      "list:newest",
      "Lists that contain the prediction are a bare array of the newest 50, for every page."),
  LIST_UNFILTERED("list:unfiltered", "Lists that contain the prediction ignore filters."),
  LIST_NO_FILTERS("list:no-filters", "Lists that contain the prediction answer 400 to filters."),
  LIST_ARRAY("list:array", "Lists that contain the prediction are a bare array, without paging."),
  CANCEL_500("cancel:500", "Canceling always answers 500."),
  CANCEL_PREDICTION("cancel:prediction", "Canceling answers with the prediction."),
  DELETE_405("delete:405", "Deleting answers 405, except on the route that ends with /delete."),
  WORK_FAIL("work:fail", "The prediction fails; error is a string."),
  WORK_FAIL_ID(
      "work:fail-id",
      "The prediction fails; error is null, error_id and error_message have the reason."),
  WORK_FAIL_RESPONSE(
      "work:fail-response", "The prediction fails; error is null, response has the reason."),
  WORK_CANCELED("work:canceled", "The prediction ends with status canceled."),
  WORK_CANCELLED("work:cancelled", "The prediction ends with status cancelled."),
  WORK_STUCK("work:stuck", "The prediction stays processing and never ends."),
  WORK_PENDING("work:pending", "The status is pending instead of queued."),
  WORK_STARTING("work:starting", "The status is starting instead of processing."),
  WORK_STARTED("work:started", "The status is started instead of processing."),
  WORK_UNKNOWN_STATUS(
      "work:unknown-status", "The status is an undocumented one instead of processing."),
  OUTPUT_NONE("output:none", "The prediction succeeds with an empty output."),
  OUTPUT_STRING("output:string", "The output is the first URL, not an array."),
  OUTPUT_OBJECTS("output:objects", "The output is an array of objects with a url each."),
  OUTPUT_IN_STORAGE(
      "output:in-storage", "The output is null; only metadata.storage.files has the URLs."),
  FILE_404("file:404", "Every download answers 404."),
  FILE_503("file:503", 2, "The first N downloads of each output answer 503."),
  FILE_HTML("file:html", "Every download answers 200 with an HTML page."),
  FILE_ENDLESS("file:endless", "The output starts correctly and never ends."),
  FILE_TRUNCATED("file:truncated", "The connection ends in the middle of the output."),
  FILE_DRIP("file:drip", "The output is sent at one byte per second."),
  FILE_LARGE("file:large", 16, "The output is followed by N MiB of noise that decoders ignore."),
  FILE_REDIRECT("file:redirect", "The output redirects to a private address."),
  FILE_403("file:403", 2, "The first N downloads of each output answer 403."),
  FILE_REDIRECTS("file:redirects", 2, "The output redirects N times on the same origin."),
  FILE_GZIP("file:gzip", "The output is gzip-encoded although identity was requested."),
  FILE_GZIP_BOMB("file:gzip-bomb", "The output is gzip-encoded and decodes to more than 128 MiB."),
  FILE_GZIP_TRUNCATED(
      "file:gzip-truncated",
      "The output is gzip-encoded and truncated; its Content-Length matches."),
  FILE_DATA("file:data", "The output is a data URL with a small picture."),
  OUTPUT_NESTED("output:nested", "The URLs are in arrays in an array."),
  OUTPUT_IMAGES("output:images", "The URLs are in objects, in an array named images."),
  OUTPUT_FILES("output:files", "The URLs are in an array named files."),
  OUTPUT_IMAGE_URL(
      "output:image-url", "Each URL is in an object named image_url, next to a thumbnail."),
  OUTPUT_URI("output:uri", "The URLs are in members named uri."),
  OUTPUT_B64("output:b64", "The outputs are base64, in members named b64_json."),
  OUTPUT_UNREADABLE("output:unreadable", "The output contains no URL and no data."),
  OUTPUT_UNREADABLE_FIRST(
      "output:unreadable-first",
      1,
      "In the webhook and the first N polls, the output contains no URL and no data."),
  WORK_LOGS("work:logs", 6, "The prediction contains N MiB of logs."),
  WORK_FAIL_LONG("work:fail-long", 2, "The prediction fails with N MiB of text in error."),
  TYPE_FLAC("type:flac", "The output starts like a FLAC file."),
  TYPE_OGG("type:ogg", "The output starts like an Ogg file with Opus audio."),
  TYPE_MOV("type:mov", "The output starts like a QuickTime file."),
  TYPE_M4A("type:m4a", "The output starts like an MPEG-4 audio file."),
  TYPE_BMP("type:bmp", "The output starts like a bitmap."),
  TYPE_TIFF("type:tiff", "The output starts like a TIFF file."),
  TYPE_HEIC("type:heic", "The output starts like a HEIC file."),
  TYPE_JXL("type:jxl", "The output starts like a JPEG XL file."),
  TYPE_SVG("type:svg", "The output is an SVG document with a script."),
  TYPE_GLB("type:glb", "The output starts like a binary glTF file."),
  TYPE_ZIP("type:zip", "The output starts like a ZIP archive."),
  TYPE_TEXT("type:text", "The output is plain text."),
  TYPE_UNKNOWN("type:unknown", "The output is of no known type.");

  private final String tag;
  private final int defaultNumber;
  private final String effect;

  SandboxFault(String tag, String effect) {
    this(tag, 0, effect);
  }

  SandboxFault(String tag, int defaultNumber, String effect) {
    this.tag = tag;
    this.defaultNumber = defaultNumber;
    this.effect = effect;
  }

  public String tag() {
    return tag;
  }

  /** The N of a tag without one; 0 if the fault has none. */
  public int defaultNumber() {
    return defaultNumber;
  }

  public String effect() {
    return effect;
  }
}
