package dev.atelier.application.generate;

/** An input file cannot be used; nothing was done. */
final class UnusableInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String path;
  private final Reason reason;

  enum Reason {
    /** It does not exist, was deleted, or belongs to somebody else. */
    NOT_FOUND,
    /** Skytells cannot fetch it from this service. */
    UNREACHABLE
  }

  UnusableInputException(String path, Reason reason) {
    super(path + ": " + reason);
    this.path = path;
    this.reason = reason;
  }

  /** The path of the parameter. */
  String path() {
    return path;
  }

  Reason reason() {
    return reason;
  }
}
