package dev.atelier.http.request;

/** Generates ids for requests that have none. */
@FunctionalInterface
public interface RequestIds {
  /** A unique id of up to 128 letters, digits, {@code . _ -}. */
  String next();
}
