package dev.atelier.skytells.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Takes orders, or fails to in every way that was asked for. */
final class Creation {
  private static final int AWAIT_SECONDS = 60;
  private static final int BUSY_SECONDS = 12;

  private final Models models;
  private final Work work;
  private final Dialect dialect;
  private final RateLimit rateLimit;
  private final FaultPlan plan;

  /** How often this very order was turned away as too early. */
  private final Map<JsonNode, Integer> refusals = new ConcurrentHashMap<>();

  Creation(Models models, Work work, Dialect dialect, RateLimit rateLimit, FaultPlan plan) {
    this.models = models;
    this.work = work;
    this.dialect = dialect;
    this.rateLimit = rateLimit;
    this.plan = plan;
  }

  Answer answer(JsonNode body) throws IOException, RefusedException {
    SandboxFaults faults = plan.next(body.path("input").path("prompt").asText());
    refuse(faults, body);
    Job job = work.accept(Order.read(body, models), faults);
    if (job.order().await()) {
      awaitEnd(job);
    }
    Pause.seconds(faults.number(SandboxFault.CREATE_SLOW));
    return reply(job);
  }

  private void refuse(SandboxFaults faults, JsonNode body) throws RefusedException {
    if (faults.has(SandboxFault.CREATE_500)) {
      throw new RefusedException(broken());
    }
    if (faults.has(SandboxFault.CREATE_502_HTML)) {
      throw new RefusedException(Reply.badGateway());
    }
    if (faults.has(SandboxFault.CREATE_NO_CREDITS)) {
      throw new RefusedException(
          Reply.error(402, "INSUFFICIENT_CREDITS", "Your account has run out of credits."));
    }
    if (faults.has(SandboxFault.CREATE_SUSPENDED)) {
      throw new RefusedException(
          Reply.bareError(403, "ACCOUNT_SUSPENDED", "Your account is suspended."));
    }
    if (faults.has(SandboxFault.CREATE_POLICY)) {
      throw RefusedException.forbidden();
    }
    if (faults.has(SandboxFault.CREATE_INFERENCE_ERROR)) {
      throw new RefusedException(
          Reply.inferenceError(400, "INVALID_PARAMETER", "A parameter is not valid."));
    }
    if (faults.has(SandboxFault.CREATE_BUSY)) {
      throw new RefusedException(RateLimit.busy(BUSY_SECONDS));
    }
    if (faults.has(SandboxFault.CREATE_BUSY_DATE)) {
      throw new RefusedException(rateLimit.busyByDate(BUSY_SECONDS));
    }
    if (faults.has(SandboxFault.CREATE_429)) {
      if (refusals.merge(body, 1, Integer::sum) <= faults.number(SandboxFault.CREATE_429)) {
        throw new RefusedException(RateLimit.busy(1));
      }
      refusals.remove(body);
    }
  }

  private Answer reply(Job job) {
    SandboxFaults faults = job.faults();
    if (faults.has(SandboxFault.CREATE_CUT)) {
      return Answer.NONE;
    }
    if (faults.has(SandboxFault.CREATE_500_ACCEPTED)) {
      return broken();
    }
    if (faults.has(SandboxFault.CREATE_GARBAGE)) {
      return Reply.html(200, "OK, thank you");
    }
    if (faults.has(SandboxFault.CREATE_STATUS_FALSE)) {
      ObjectNode told = JsonNodeFactory.instance.objectNode();
      told.put("id", job.id()).put("status", false);
      told.putObject("error").put("message", "The prediction is still queued.");
      return Reply.json(202, told);
    }
    return faults.has(SandboxFault.CREATE_MINIMAL)
        ? Reply.json(200, dialect.minimal(job))
        : Reply.json(202, dialect.full(job));
  }

  private static Reply broken() {
    return Reply.error(500, "INTERNAL_ERROR", "Server error");
  }

  private static void awaitEnd(Job job) {
    try {
      job.ended().get(AWAIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      // It goes on; the reply tells how far it is.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the end of a prediction never fails", e);
    }
  }
}
