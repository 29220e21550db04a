package dev.atelier.skytells.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * Reads a JSON document but keeps only used members, so that megabytes of logs or input take no
 * memory.
 */
public final class DocumentReader {
  public static final int MAX_BYTES = 64 * 1024 * 1024;

  private static final int SHORT_OUTPUT = 256 * 1024;

  /** Characters, outside an output. */
  static final int MAX_TEXT = 16 * 1024;

  /** For single predictions, whose outputs may be long data URLs. */
  public static final DocumentReader COMPLETE = new DocumentReader(MAX_BYTES, 16 * 1024 * 1024);

  /** For lists; a skipped output is read with its prediction. */
  public static final DocumentReader LIST = new DocumentReader(MAX_BYTES, SHORT_OUTPUT);

  /** For webhooks, which are unauthenticated until the last byte. */
  public static final DocumentReader UNTRUSTED = new DocumentReader(4 * 1024 * 1024, SHORT_OUTPUT);

  private static final int MAX_DEPTH = 32;
  private static final int MAX_NODES = 100_000;

  /** The parser uses memory for each nesting level, even in skipped members. */
  private static final int MAX_SKIPPED_DEPTH = 200_000;

  private static final int MAX_NUMBER = 100_000;
  private static final int MAX_OUTPUT_NUMBER = 30;

  /** Larger documents are limited to {@link #MAX_CONCURRENT_LARGE} at once. */
  private static final int LARGE_BYTES = 1024 * 1024;

  private static final int MAX_CONCURRENT_LARGE = 4;

  /** Outside an output. */
  private static final Set<String> USED =
      Set.of(
          "amount",
          "asset_count",
          "billing",
          "code",
          "completed_at",
          "created_at",
          "credits_used",
          "currency",
          "data",
          "description",
          "detail",
          "duration",
          "error",
          "error_id",
          "error_message",
          "files",
          "http_status",
          "id",
          "image_count",
          "input_schema",
          "last_page",
          "message",
          "metadata",
          "metrics",
          "name",
          "namespace",
          "output",
          "pagination",
          "pricing",
          "request_id",
          "response",
          "status",
          "storage",
          "type",
          "unit",
          "url",
          "webhook");

  /** Everything below these is kept: results may be anywhere, and schemas have any names. */
  private static final Set<String> KEPT_WHOLE = Set.of("output", "files", "input_schema");

  /** A skipped output string; the only POJO node. */
  static final JsonNode SKIPPED = JsonNodeFactory.instance.pojoNode("left out");

  private final JsonFactory factory;

  /** Per reader, so that slow webhook senders do not block our own calls. */
  private final Semaphore largeDocuments = new Semaphore(MAX_CONCURRENT_LARGE, true);

  private final int maxOutputText;

  private DocumentReader(int maxString, int maxOutputText) {
    this.maxOutputText = maxOutputText;
    this.factory =
        JsonFactory.builder()
            // Python's encoder writes NaN; logs may contain raw control characters.
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_SKIPPED_DEPTH)
                    .maxStringLength(maxString)
                    .maxNumberLength(MAX_NUMBER)
                    .build())
            .build();
  }

  /**
   * Reads to the end of the stream and leaves it open.
   *
   * @return empty unless it is exactly one document of at most {@link #MAX_BYTES}
   * @throws IOException if the stream fails
   */
  public Optional<JsonNode> read(InputStream bytes) throws IOException {
    try (var bounded = new LimitedInputStream(bytes);
        // Decode first: the byte parser rejects a document with malformed UTF-8.
        JsonParser parser =
            factory.createParser(new InputStreamReader(bounded, StandardCharsets.UTF_8))) {
      if (parser.nextToken() == null) {
        return Optional.empty();
      }
      JsonNode document = new Tree(parser).value(0, false);
      return parser.nextToken() == null ? Optional.of(document) : Optional.empty();
    } catch (JsonProcessingException | TooLargeException e) {
      return Optional.empty();
    }
  }

  private final class Tree {
    private final JsonParser parser;
    private int nodes;

    Tree(JsonParser parser) {
      this.parser = parser;
    }

    JsonNode value(int depth, boolean output) throws IOException {
      JsonToken token = parser.currentToken();
      if (token.isStructStart() && (depth >= MAX_DEPTH || nodes >= MAX_NODES)) {
        parser.skipChildren();
        return JsonNodeFactory.instance.nullNode();
      }
      nodes++;
      return switch (token) {
        case START_OBJECT -> object(depth, output);
        case START_ARRAY -> array(depth, output);
        case VALUE_STRING -> text(output);
        case VALUE_TRUE -> JsonNodeFactory.instance.booleanNode(true);
        case VALUE_FALSE -> JsonNodeFactory.instance.booleanNode(false);
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(output);
        default -> JsonNodeFactory.instance.nullNode();
      };
    }

    private ObjectNode object(int depth, boolean output) throws IOException {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        if ((output || USED.contains(name)) && nodes < MAX_NODES) {
          object.set(name, value(depth + 1, output || KEPT_WHOLE.contains(name)));
        } else {
          parser.skipChildren();
        }
      }
      return object;
    }

    private ArrayNode array(int depth, boolean output) throws IOException {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (nodes < MAX_NODES) {
          array.add(value(depth + 1, output));
        } else {
          parser.skipChildren();
        }
      }
      return array;
    }

    private JsonNode text(boolean output) throws IOException {
      int length = parser.getTextLength();
      if (output) {
        return length > maxOutputText
            ? SKIPPED
            : JsonNodeFactory.instance.textNode(parser.getText());
      }
      int kept = Math.min(length, MAX_TEXT);
      return JsonNodeFactory.instance.textNode(
          new String(parser.getTextCharacters(), parser.getTextOffset(), kept));
    }

    /** Long numbers in an output are not used. */
    private JsonNode number(boolean output) throws IOException {
      if (output && parser.getTextLength() > MAX_OUTPUT_NUMBER) {
        return JsonNodeFactory.instance.numberNode(0);
      }
      return switch (parser.getNumberType()) {
        case INT -> JsonNodeFactory.instance.numberNode(parser.getIntValue());
        case LONG -> JsonNodeFactory.instance.numberNode(parser.getLongValue());
        case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL ->
            parser.isNaN()
                ? JsonNodeFactory.instance.nullNode()
                : JsonNodeFactory.instance.numberNode(parser.getDecimalValue());
      };
    }
  }

  private final class LimitedInputStream extends FilterInputStream {
    private int left = MAX_BYTES;
    private boolean large;

    LimitedInputStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = in.read(into, offset, length);
      left -= Math.max(read, 0);
      if (left < 0) {
        throw new TooLargeException();
      }
      if (!large && MAX_BYTES - left > LARGE_BYTES) {
        largeDocuments.acquireUninterruptibly();
        large = true;
      }
      return read;
    }

    @Override
    public void close() {
      if (large) {
        large = false;
        largeDocuments.release();
      }
    }
  }

  private static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;
  }
}
