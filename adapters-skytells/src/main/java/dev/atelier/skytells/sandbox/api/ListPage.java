package dev.atelier.skytells.sandbox.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.skytells.sandbox.fault.SandboxFault;
import dev.atelier.skytells.sandbox.http.FullResponse;
import dev.atelier.skytells.sandbox.http.Query;
import dev.atelier.skytells.sandbox.http.RefusedException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Lists predictions, newest first, in pages. */
record ListPage(Jobs jobs, Dialect dialect) {
  private static final int MAX_PER_PAGE = 50;

  FullResponse response(Query query) throws RefusedException {
    int page = number(query, "page", 1, Integer.MAX_VALUE / MAX_PER_PAGE);
    int perPage = number(query, "per_page", 15, MAX_PER_PAGE);
    Optional<LocalDate> from = date(query, "from");
    Optional<LocalDate> to = date(query, "to");
    if (from.isPresent() && to.isPresent() && from.get().isAfter(to.get())) {
      throw refused("INVALID_DATE_RANGE", "from must not be after to.");
    }
    List<Job> all = jobs.newestFirst().stream().filter(job -> !job.isDeleted()).toList();
    List<Job> newest = all.stream().limit(MAX_PER_PAGE).toList();
    if (query.isFiltered() && has(newest, SandboxFault.LIST_NO_FILTERS)) {
      throw refused("INVALID_PARAMETER", "The list has no filters.");
    }
    boolean filters = !has(newest, SandboxFault.LIST_UNFILTERED);
    List<Job> matching =
        all.stream().filter(job -> !filters || matches(job, query, from, to)).toList();
    if (has(newest, SandboxFault.LIST_NEWEST)) {
      ArrayNode bare = JsonNodeFactory.instance.arrayNode();
      matching.stream().limit(MAX_PER_PAGE).forEach(job -> bare.add(dialect.full(job)));
      return FullResponse.json(200, bare);
    }
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
    return FullResponse.json(200, has(shown, SandboxFault.LIST_ARRAY) ? data : paged);
  }

  private static boolean matches(
      Job job, Query query, Optional<LocalDate> from, Optional<LocalDate> to) {
    return matchesFilter(query.get("model"), job.createRequest().model().slug())
        && matchesFilter(query.get("status"), Dialect.status(job.faults(), job.phase()))
        && (from.isEmpty() || !day(job).isBefore(from.get()))
        && (to.isEmpty() || !day(job).isAfter(to.get()));
  }

  private static boolean has(List<Job> shown, SandboxFault fault) {
    return shown.stream().anyMatch(job -> job.faults().has(fault));
  }

  private static boolean matchesFilter(Optional<String> filter, String value) {
    return filter.isEmpty() || filter.get().equalsIgnoreCase(value);
  }

  private static LocalDate day(Job job) {
    return LocalDate.ofInstant(job.createdAt(), ZoneOffset.UTC);
  }

  private static int number(Query query, String name, int defaultValue, int max)
      throws RefusedException {
    try {
      int number = query.get(name).map(Integer::parseInt).orElse(defaultValue);
      if (number >= 1 && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Refused below, like a number out of range.
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
    return new RefusedException(FullResponse.error(400, errorId, message));
  }
}
