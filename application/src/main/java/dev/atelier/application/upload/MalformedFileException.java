package dev.atelier.application.upload;

import java.io.IOException;

/** A file does not have the structure of its type. */
final class MalformedFileException extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedFileException(String message) {
    super(message);
  }
}
