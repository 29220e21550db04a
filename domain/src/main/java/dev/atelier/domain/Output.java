package dev.atelier.domain;

/**
 * The URL of a result at Skytells; it expires five minutes after the prediction ends. The download
 * validates it. The URL may be signed, so {@link #toString} hides it.
 */
public record Output(String url) {
  /** Removes NUL characters, which PostgreSQL cannot store. */
  public Output {
    url = url.replace("\0", "");
  }

  @Override
  public String toString() {
    return "Output[url of " + url.length() + " characters]";
  }
}
