package dev.atelier.skytells.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * The list of predictions, newest first, in pages.
 *
 * @param jobs all there are
 * @param dialect writes them down
 */
record Listing(Jobs jobs, Dialect dialect) {
  private static final int LARGEST_PAGE = 50;

  Reply answer(Query query) throws RefusedException {
    int page = number(query, "page", 1, Integer.MAX_VALUE / LARGEST_PAGE);
    int perPage = number(query, "per_page", 15, LARGEST_PAGE);
    Optional<LocalDate> from = date(query, "from");
    Optional<LocalDate> to = date(query, "to");
    if (from.isPresent() && to.isPresent() && from.get().isAfter(to.get())) {
      throw refused("INVALID_DATE_RANGE", "from must not be after to.");
    }
    List<Job> matching =
        jobs.newestFirst().stream()
            .filter(job -> !job.isDeleted())
            .filter(job -> is(query.get("model"), job.order().model().slug()))
            .filter(job -> is(query.get("status"), Dialect.status(job.faults(), job.phase())))
            .filter(job -> from.isEmpty() || !day(job).isBefore(from.get()))
            .filter(job -> to.isEmpty() || !day(job).isAfter(to.get()))
            .toList();
    List<Job> shown = matching.stream().skip((page - 1L) * perPage).limit(perPage).toList();
    ObjectNode paged = JsonNodeFactory.instance.objectNode();
    ArrayNode data = paged.putArray("data");
    shown.forEach(job -> data.add(dialect.full(job)));
    paged
        .putObject("pagination")
        .put("current_page", page)
        .put("per_page", perPage)
        .put("total", matching.size())
        .put("last_page", Math.max(1, Math.ceilDiv(matching.size(), perPage)));
    boolean bare = shown.stream().anyMatch(job -> job.faults().has(SandboxFault.LIST_ARRAY));
    return Reply.json(200, bare ? data : paged);
  }

  private static boolean is(Optional<String> wanted, String value) {
    return wanted.isEmpty() || wanted.get().equalsIgnoreCase(value);
  }

  private static LocalDate day(Job job) {
    return LocalDate.ofInstant(job.createdAt(), ZoneOffset.UTC);
  }

  private static int number(Query query, String name, int standard, int max)
      throws RefusedException {
    try {
      int number = query.get(name).map(Integer::parseInt).orElse(standard);
      if (number >= 1 && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Refused below, like a number that is out of bounds.
    }
    throw refused("INVALID_PARAMETER", name + " must be a number from 1 to " + max + ".");
  }

  private static Optional<LocalDate> date(Query query, String name) throws RefusedException {
    try {
      return query.get(name).map(LocalDate::parse);
    } catch (DateTimeException e) {
      throw refused("INVALID_DATE_FORMAT", name + " must be a date such as 2026-11-20.");
    }
  }

  private static RefusedException refused(String errorId, String message) {
    return new RefusedException(Reply.error(400, errorId, message));
  }
}
