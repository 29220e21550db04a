package dev.atelier.skytells.sandbox;

/**
 * Everything that can be told to go wrong, each seen or to be feared at the real Skytells. {@code
 * docs/sandbox.md} has the same list as a table.
 */
public enum SandboxFault {
  /** A lost webhook. */
  WEBHOOK_DROP("webhook:drop", "The webhook never comes.");

  private final String tag;
  private final int number;
  private final String effect;

  SandboxFault(String tag, String effect) {
    this(tag, 0, effect);
  }

  SandboxFault(String tag, int number, String effect) {
    this.tag = tag;
    this.number = number;
    this.effect = effect;
  }

  /** How it is written, such as {@code webhook:drop}. */
  public String tag() {
    return tag;
  }

  /** The number that {@code tag=N} has when it is left out; 0 when it takes none. */
  public int standardNumber() {
    return number;
  }

  /** What it does, in a sentence. */
  public String effect() {
    return effect;
  }
}
