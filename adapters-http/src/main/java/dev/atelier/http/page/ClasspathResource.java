package dev.atelier.http.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Reads files from the class path. */
final class ClasspathResource {
  private ClasspathResource() {}

  /** Names are relative to this class, or absolute with a slash. */
  static byte[] bytes(String name) {
    try (InputStream file = ClasspathResource.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }
}
