package dev.atelier.domain;

/**
 * The URL of a result at Skytells; it expires. {@link #toString} hides it, because it may be
 * signed.
 */
public record Output(String url) {
  /** PostgreSQL cannot store NUL characters. */
  public Output {
    url = url.replace("\0", "");
  }

  @Override
  public String toString() {
    return "Output[url of " + url.length() + " characters]";
  }
}
