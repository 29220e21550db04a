package dev.atelier.skytells.sandbox;

/** A request that the sandbox does not take, with the answer it gets. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Reply reply;

  RefusedException(Reply reply) {
    super("refused with " + reply.status(), null, false, false);
    this.reply = reply;
  }

  static RefusedException invalid(String message) {
    return new RefusedException(Reply.error(422, "VALIDATION_ERROR", message));
  }

  static RefusedException forbidden() {
    return new RefusedException(
        Reply.error(451, "CONTENT_POLICY_VIOLATION", "The content policy forbids this."));
  }

  Reply reply() {
    return reply;
  }
}
