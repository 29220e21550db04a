package dev.atelier.application.port;

/**
 * Something of ours is broken at the moment: the database or the blob store. Nothing was half done,
 * and the same call may be made again. The message names the thing and never quotes what was sent.
 */
public final class UnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Names what is broken.
   *
   * @param what the broken thing and what could not be done, for the operator
   * @param cause what the adapter's library said
   */
  public UnavailableException(String what, Throwable cause) {
    super(what, cause);
  }

  /** What is broken and what is at the bottom of it, in a line: an outage needs no stack trace. */
  public String reason() {
    Throwable cause = this;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause == this ? String.valueOf(getMessage()) : getMessage() + " (" + cause + ")";
  }
}
