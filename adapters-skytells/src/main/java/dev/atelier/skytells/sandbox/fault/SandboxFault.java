package dev.atelier.skytells.sandbox.fault;

/**
 * Everything that can be told to go wrong, each seen or to be feared at the real Skytells. {@code
 * docs/sandbox.md} has the same list as a table.
 */
public enum SandboxFault {
  /** The webhook never comes. */
  WEBHOOK_DROP("webhook:drop", "The webhook never comes."),

  /** N in a hundred webhooks never come, the same ones in each run. */
  WEBHOOK_LOSSY(
      "webhook:lossy", 10, "N in a hundred webhooks never come, the same ones in each run."),

  /** The webhook comes N seconds after the end. */
  WEBHOOK_DELAY("webhook:delay", 5, "The webhook comes N seconds after the end."),

  /** The webhook comes N times at once. */
  WEBHOOK_REPEAT("webhook:repeat", 5, "The webhook comes N times at once."),

  /** The prediction ends, and its webhook is answered, before the create reply is sent. */
  WEBHOOK_EARLY(
      "webhook:early",
      "The prediction ends, and its webhook is answered, before the create reply is sent."),

  /** After the webhook of the end comes one that says processing. */
  WEBHOOK_DISORDER(
      "webhook:disorder", "After the webhook of the end comes one that says processing."),

  /** The webhook is signed with a key that is nobody's. */
  WEBHOOK_FORGED("webhook:forged", "The webhook is signed with a key that is nobody's."),

  /** The webhook has no signature. */
  WEBHOOK_UNSIGNED("webhook:unsigned", "The webhook has no signature."),

  /** The webhook is signed with the API key. */
  WEBHOOK_API_KEY("webhook:api-key", "The webhook is signed with the API key."),

  /** The signature begins with sha256=. */
  WEBHOOK_PREFIXED("webhook:prefixed", "The signature begins with sha256=."),

  /** The signature is in upper case. */
  WEBHOOK_UPPERCASE("webhook:uppercase", "The signature is in upper case."),

  /** The webhook is an event with the prediction inside. */
  WEBHOOK_ENVELOPED("webhook:enveloped", "The webhook is an event with the prediction inside."),

  /** The webhook is not taken: its echo is null, and none comes. */
  WEBHOOK_IGNORED("webhook:ignored", "The webhook is not taken: its echo is null, and none comes."),

  /** Creating answers 500; nothing is accepted. */
  CREATE_500("create:500", "Creating answers 500; nothing is accepted."),

  /** Creating answers 500; the prediction is accepted all the same. */
  CREATE_500_ACCEPTED(
      "create:500-accepted", "Creating answers 500; the prediction is accepted all the same."),

  /** Creating answers 502 with a page of HTML; nothing is accepted. */
  CREATE_502_HTML(
      "create:502-html", "Creating answers 502 with a page of HTML; nothing is accepted."),

  /** Creating answers 429 and asks for twelve seconds, every time. */
  CREATE_BUSY("create:busy", "Creating answers 429 and asks for twelve seconds, every time."),

  /** Like create:busy, but Retry-After is a date. */
  CREATE_BUSY_DATE("create:busy-date", "Like create:busy, but Retry-After is a date."),

  /** Creating the same answers 429 N times and asks for one second, then accepts. */
  CREATE_429(
      "create:429",
      1,
      "Creating the same answers 429 N times and asks for one second, then accepts."),

  /** Creating answers 402; nothing is accepted. */
  CREATE_NO_CREDITS("create:no-credits", "Creating answers 402; nothing is accepted."),

  /** Creating answers 403, its error in no envelope; nothing is accepted. */
  CREATE_SUSPENDED(
      "create:suspended", "Creating answers 403, its error in no envelope; nothing is accepted."),

  /** Creating answers 451; nothing is accepted. */
  CREATE_POLICY("create:policy", "Creating answers 451; nothing is accepted."),

  /** Creating answers 400 in the inference dialect; nothing is accepted. */
  CREATE_INFERENCE_ERROR(
      "create:inference-error",
      "Creating answers 400 in the inference dialect; nothing is accepted."),

  /** The prediction is accepted; the reply comes after N seconds. */
  CREATE_SLOW("create:slow", 10, "The prediction is accepted; the reply comes after N seconds."),

  /** The prediction is accepted; the connection is cut before a reply. */
  CREATE_CUT("create:cut", "The prediction is accepted; the connection is cut before a reply."),

  /** The prediction is accepted; the reply says status false, and has its id. */
  CREATE_STATUS_FALSE(
      "create:status-false",
      "The prediction is accepted; the reply says status false, and has its id."),

  /** The prediction is accepted; the reply is 200 and no JSON. */
  CREATE_GARBAGE("create:garbage", "The prediction is accepted; the reply is 200 and no JSON."),

  /** The prediction is accepted; the reply is 200 and has no field more than it must. */
  CREATE_MINIMAL(
      "create:minimal",
      "The prediction is accepted; the reply is 200 and has no field more than it must."),

  /** The id of the prediction is a UUID. */
  CREATE_UUID("create:uuid", "The id of the prediction is a UUID."),

  /** The first N polls answer 502 with PREDICTION_FAILED. */
  GET_PREDICTION_FAILED(
      "get:prediction-failed", 1, "The first N polls answer 502 with PREDICTION_FAILED."),

  /** The first N polls answer 502 with a page of HTML. */
  GET_502_HTML("get:502-html", 2, "The first N polls answer 502 with a page of HTML."),

  /** Every poll answers 500. */
  GET_500("get:500", "Every poll answers 500."),

  /** The first N polls answer 429 and ask for one second. */
  GET_429("get:429", 2, "The first N polls answer 429 and ask for one second."),

  /** The first N polls answer that there is no such prediction. */
  GET_UNKNOWN("get:unknown", 1, "The first N polls answer that there is no such prediction."),

  /** A list that would show the prediction is a bare array of the newest 50, whatever the page. */
  LIST_NEWEST(
      "list:newest",
      "A list that would show the prediction is a bare array of the newest 50, whatever the page."),

  /** A list that would show the prediction ignores its filters. */
  LIST_UNFILTERED("list:unfiltered", "A list that would show the prediction ignores its filters."),

  /** A list that would show the prediction refuses filters with 400. */
  LIST_NO_FILTERS(
      "list:no-filters", "A list that would show the prediction refuses filters with 400."),

  /** A list that would show the prediction is a bare array, without pages. */
  LIST_ARRAY("list:array", "A list that would show the prediction is a bare array, without pages."),

  /** Calling off answers 500, every time. */
  CANCEL_500("cancel:500", "Calling off answers 500, every time."),

  /** Calling off answers with the prediction. */
  CANCEL_PREDICTION("cancel:prediction", "Calling off answers with the prediction."),

  /** Deleting answers 405, except where the address ends with delete. */
  DELETE_405("delete:405", "Deleting answers 405, except where the address ends with delete."),

  /** The prediction fails; error is a text. */
  WORK_FAIL("work:fail", "The prediction fails; error is a text."),

  /** The prediction fails; error is null, error_id and error_message tell why. */
  WORK_FAIL_ID(
      "work:fail-id", "The prediction fails; error is null, error_id and error_message tell why."),

  /** The prediction fails; error is null, response tells why. */
  WORK_FAIL_RESPONSE(
      "work:fail-response", "The prediction fails; error is null, response tells why."),

  /** The prediction ends as canceled, with one l. */
  WORK_CANCELED("work:canceled", "The prediction ends as canceled, with one l."),

  /** The prediction ends as cancelled, with two. */
  WORK_CANCELLED("work:cancelled", "The prediction ends as cancelled, with two."),

  /** The prediction is processing for ever. */
  WORK_STUCK("work:stuck", "The prediction is processing for ever."),

  /** Before it is processing, the prediction says pending. */
  WORK_PENDING("work:pending", "Before it is processing, the prediction says pending."),

  /** Instead of processing, the prediction says starting. */
  WORK_STARTING("work:starting", "Instead of processing, the prediction says starting."),

  /** Instead of processing, the prediction says started. */
  WORK_STARTED("work:started", "Instead of processing, the prediction says started."),

  /** Instead of processing, the prediction says what nobody has documented. */
  WORK_UNKNOWN_STATUS(
      "work:unknown-status",
      "Instead of processing, the prediction says what nobody has documented."),

  /** The prediction succeeds with an empty output. */
  OUTPUT_NONE("output:none", "The prediction succeeds with an empty output."),

  /** The output is the first URL, not an array. */
  OUTPUT_STRING("output:string", "The output is the first URL, not an array."),

  /** The output is an array of objects with a url each. */
  OUTPUT_OBJECTS("output:objects", "The output is an array of objects with a url each."),

  /** The output is null; only metadata.storage.files has the URLs. */
  OUTPUT_IN_STORAGE(
      "output:in-storage", "The output is null; only metadata.storage.files has the URLs."),

  /** The output is not there, from the beginning. */
  FILE_404("file:404", "The output is not there, from the beginning."),

  /** The first N downloads of each output answer 503. */
  FILE_503("file:503", 2, "The first N downloads of each output answer 503."),

  /** The output is 200 and a page of HTML. */
  FILE_HTML("file:html", "The output is 200 and a page of HTML."),

  /** The output begins well and never ends. */
  FILE_ENDLESS("file:endless", "The output begins well and never ends."),

  /** The connection ends in the middle of the output. */
  FILE_TRUNCATED("file:truncated", "The connection ends in the middle of the output."),

  /** The output comes at one byte per second. */
  FILE_DRIP("file:drip", "The output comes at one byte per second."),

  /** The output is N MiB larger. */
  FILE_LARGE("file:large", 16, "The output is N MiB larger, by noise that players skip."),

  /** The output redirects to a private address. */
  FILE_REDIRECT("file:redirect", "The output redirects to a private address."),

  /** The first N downloads of each output answer 403. */
  FILE_403("file:403", 2, "The first N downloads of each output answer 403."),

  /** The output redirects N times on its own origin. */
  FILE_REDIRECTS("file:redirects", 2, "The output redirects N times on its own origin."),

  /** The output is encoded with gzip, although the identity was asked for. */
  FILE_GZIP("file:gzip", "The output is encoded with gzip, although the identity was asked for."),

  /** The output is encoded with gzip, and 128 MiB when it is decoded. */
  FILE_GZIP_BOMB(
      "file:gzip-bomb", "The output is encoded with gzip, and 128 MiB when it is decoded."),

  /** The output is encoded with gzip, and ends in the middle as if that were all. */
  FILE_GZIP_TRUNCATED(
      "file:gzip-truncated",
      "The output is encoded with gzip, and ends in the middle as if that were all."),

  /** The output is not at a URL, but in one: a data URL with a small picture. */
  FILE_DATA(
      "file:data", "The output is not at a URL, but in one: a data URL with a small picture."),

  /** The URLs are in arrays in an array. */
  OUTPUT_NESTED("output:nested", "The URLs are in arrays in an array."),

  /** The URLs are in objects, below a member images. */
  OUTPUT_IMAGES("output:images", "The URLs are in objects, below a member images."),

  /** The URLs are in an array, below a member files. */
  OUTPUT_FILES("output:files", "The URLs are in an array, below a member files."),

  /** Each URL is in an object below image_url, beside a thumbnail. */
  OUTPUT_IMAGE_URL(
      "output:image-url", "Each URL is in an object below image_url, beside a thumbnail."),

  /** The URLs are in members named uri. */
  OUTPUT_URI("output:uri", "The URLs are in members named uri."),

  /** The outputs are base64, in members named b64_json. */
  OUTPUT_B64("output:b64", "The outputs are base64, in members named b64_json."),

  /** The output holds no URL and no file, in any form. */
  OUTPUT_UNREADABLE("output:unreadable", "The output holds no URL and no file, in any form."),

  /** The output holds no result in the webhook and in the first N polls. */
  OUTPUT_UNREADABLE_FIRST(
      "output:unreadable-first",
      1,
      "The output holds no result in the webhook and in the first N polls."),

  /** The prediction carries N MiB of logs, wherever it is shown. */
  LOGS("work:logs", 6, "The prediction carries N MiB of logs, wherever it is shown."),

  /** It fails, with N MiB of text in error. */
  WORK_FAIL_LONG("work:fail-long", 2, "It fails, with N MiB of text in error."),

  /** The output begins like a FLAC file. */
  TYPE_FLAC("type:flac", "The output begins like a FLAC file."),

  /** The output begins like an Ogg file with Opus audio. */
  TYPE_OGG("type:ogg", "The output begins like an Ogg file with Opus audio."),

  /** The output begins like a QuickTime file. */
  TYPE_MOV("type:mov", "The output begins like a QuickTime file."),

  /** The output begins like an MPEG-4 audio file. */
  TYPE_M4A("type:m4a", "The output begins like an MPEG-4 audio file."),

  /** The output begins like a bitmap. */
  TYPE_BMP("type:bmp", "The output begins like a bitmap."),

  /** The output begins like a TIFF file. */
  TYPE_TIFF("type:tiff", "The output begins like a TIFF file."),

  /** The output begins like a HEIC file. */
  TYPE_HEIC("type:heic", "The output begins like a HEIC file."),

  /** The output begins like a JPEG XL file. */
  TYPE_JXL("type:jxl", "The output begins like a JPEG XL file."),

  /** The output is an SVG document with a script. */
  TYPE_SVG("type:svg", "The output is an SVG document with a script."),

  /** The output begins like a binary glTF file. */
  TYPE_GLB("type:glb", "The output begins like a binary glTF file."),

  /** The output begins like a ZIP archive. */
  TYPE_ZIP("type:zip", "The output begins like a ZIP archive."),

  /** The output is plain text. */
  TYPE_TEXT("type:text", "The output is plain text."),

  /** The output is of no known type. */
  TYPE_UNKNOWN("type:unknown", "The output is of no known type.");

  private final String tag;
  private final int standardNumber;
  private final String effect;

  SandboxFault(String tag, String effect) {
    this(tag, 0, effect);
  }

  SandboxFault(String tag, int standardNumber, String effect) {
    this.tag = tag;
    this.standardNumber = standardNumber;
    this.effect = effect;
  }

  /** How it is written, such as {@code webhook:drop}. */
  public String tag() {
    return tag;
  }

  /** The N of {@code webhook:delay=N} when it is left out; 0 when it takes none. */
  public int standardNumber() {
    return standardNumber;
  }

  /** What it does, in a sentence. */
  public String effect() {
    return effect;
  }
}
