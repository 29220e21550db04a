package dev.atelier.application.port;

/**
 * The database, a blob store or the JWT issuer is unavailable. The failed call had no partial
 * effect and may be retried. The message names the resource and never contains the data that was
 * sent.
 */
public final class UnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param what the unavailable resource and the failed operation, for the operator
   * @param cause the library's exception
   */
  public UnavailableException(String what, Throwable cause) {
    super(what, cause);
  }

  /** The message and the root cause in one line, for logs without a stack trace. */
  public String reason() {
    Throwable cause = this;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause == this ? String.valueOf(getMessage()) : getMessage() + " (" + cause + ")";
  }
}
