package dev.atelier.http;

/** Names requests that come without a name of their own. */
@FunctionalInterface
public interface RequestIds {
  /** A name that no other request has, of up to 128 letters, digits, {@code . _ -}. */
  String next();
}
