package dev.atelier.application;

import dev.atelier.domain.Dimensions;
import java.util.Base64;

/** Small files of several types, for tests. */
public final class Pictures {
  /** A PNG of one pixel. */
  public static final byte[] PNG =
      Base64.getDecoder()
          .decode(
              "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

  /** Its dimensions. */
  public static final Dimensions SIZE = new Dimensions(1, 1);

  private Pictures() {}
}
