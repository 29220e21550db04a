package dev.atelier.application.port;

import java.util.Map;

/**
 * Durable copies of what Skytells last published about its models, shared by all instances. All
 * methods throw {@link UnavailableException} if the database is unavailable.
 */
public interface PublishedModels {
  /** Returns all documents by slug. */
  Map<String, String> all();

  /**
   * Adds or replaces documents.
   *
   * @param documents JSON by slug
   */
  void save(Map<String, String> documents);
}
