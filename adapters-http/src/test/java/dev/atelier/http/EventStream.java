package dev.atelier.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A client of an event stream, on its own connection. */
public final class EventStream implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final Socket socket;
  private final BufferedReader lines;
  public final Response head;

  public record Event(String name, String id, JsonNode data) {
    public String status() {
      return data.get("status").textValue();
    }
  }

  private EventStream(Socket socket, BufferedReader lines, Response head) {
    this.socket = socket;
    this.lines = lines;
    this.head = head;
  }

  /** Sends the request and reads the response headers. */
  public static EventStream open(TestServer studio, String path, String... headers) {
    try {
      Socket socket = studio.connect();
      var request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: x\r\n");
      for (int i = 0; i < headers.length; i += 2) {
        request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
      }
      socket
          .getOutputStream()
          .write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
      var lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      var head = new StringBuilder();
      for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
        head.append(line).append("\r\n");
      }
      return new EventStream(
          socket,
          lines,
          Response.parse(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the next event, skipping comments; empty at the end of the stream. */
  public Optional<Event> next() {
    String name = "";
    String id = "";
    while (true) {
      String line = line();
      if (line.startsWith("event: ")) {
        name = line.substring(7);
      } else if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("data: ")) {
        JsonNode data = json(line.substring(6));
        TestServer.CONTRACT.checkGeneration(data);
        return Optional.of(new Event(name, id, data));
      } else if (line.equals("0")) { // the last chunk
        return Optional.empty();
      }
    }
  }

  /** Returns all events up to the end of the stream. */
  public List<Event> rest() {
    List<Event> rest = new ArrayList<>();
    for (Optional<Event> next = next(); next.isPresent(); next = next()) {
      rest.add(next.get());
    }
    return rest;
  }

  /** Waits for a line; fails if an event comes first. */
  public void awaitLine(String expected) {
    String line = line();
    while (!line.equals(expected)) {
      assertThat(line).doesNotStartWith("data: ");
      line = line();
    }
  }

  private String line() {
    try {
      String line = lines.readLine();
      assertThat(line).as("a line before the connection ends").isNotNull();
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
