package dev.atelier.skytells.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.skytells.json.DocumentReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Payloads from Skytells' documents, one per file. */
public final class Fixtures {
  private Fixtures() {}

  static List<String> names() throws Exception {
    Path folder = Path.of(Objects.requireNonNull(Fixtures.class.getResource("fixtures")).toURI());
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  public static byte[] bytes(String name) {
    try (InputStream file = Fixtures.class.getResourceAsStream("fixtures/" + name)) {
      return Objects.requireNonNull(file, name).readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static String text(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  public static JsonNode json(String name) {
    return parse(text(name));
  }

  /** The headers in a file, as names and values in turn. */
  static String[] headers(String name) {
    return json(name)
        .path("headers")
        .propertyStream()
        .flatMap(header -> Stream.of(header.getKey(), header.getValue().textValue()))
        .toArray(String[]::new);
  }

  public static JsonNode parse(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads a document as the client does. */
  public static Optional<JsonNode> read(String json) {
    return read(DocumentReader.COMPLETE, json.getBytes(StandardCharsets.UTF_8));
  }

  public static Optional<JsonNode> read(DocumentReader reader, byte[] json) {
    try {
      return reader.read(new ByteArrayInputStream(json));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
