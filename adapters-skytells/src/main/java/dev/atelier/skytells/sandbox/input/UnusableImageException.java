package dev.atelier.skytells.sandbox.input;

/** An input image cannot be used. The message continues a sentence and contains no URL. */
public final class UnusableImageException extends Exception {
  private static final long serialVersionUID = 1L;

  UnusableImageException(String message) {
    super(message, null, false, false);
  }
}
