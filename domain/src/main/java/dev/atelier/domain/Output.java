package dev.atelier.domain;

/**
 * Where Skytells left one result: a URL that expires five minutes after the prediction ended. Kept
 * as it came; whether it may be fetched is decided when it is. It may be signed, so it never
 * prints.
 */
public record Output(String url) {
  /** Takes out what a database cannot hold. */
  public Output {
    url = url.replace("\0", "");
  }

  @Override
  public String toString() {
    return "Output[url of " + url.length() + " characters]";
  }
}
