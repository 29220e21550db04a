package dev.atelier.application;

import java.util.Base64;

/** Small files of a type, for tests. */
public final class Pictures {
  /** A PNG of one pixel. */
  public static final byte[] PNG =
      Base64.getDecoder()
          .decode(
              "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

  private Pictures() {}
}
