package dev.atelier.skytells.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.skytells.sandbox.catalog.Models;
import dev.atelier.skytells.sandbox.fault.FaultPlan;
import dev.atelier.skytells.sandbox.fault.SandboxFault;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import dev.atelier.skytells.sandbox.http.Delay;
import dev.atelier.skytells.sandbox.http.FullResponse;
import dev.atelier.skytells.sandbox.http.RefusedException;
import dev.atelier.skytells.sandbox.http.Response;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Handles create requests and their faults. */
final class CreateHandler {
  private static final int AWAIT_SECONDS = 60;
  private static final int BUSY_SECONDS = 12;

  private final Models models;
  private final Worker worker;
  private final Dialect dialect;
  private final RateLimit rateLimit;
  private final FaultPlan plan;

  /** 429 responses per request body. */
  private final Map<JsonNode, Integer> refusals = new ConcurrentHashMap<>();

  CreateHandler(
      Models models, Worker worker, Dialect dialect, RateLimit rateLimit, FaultPlan plan) {
    this.models = models;
    this.worker = worker;
    this.dialect = dialect;
    this.rateLimit = rateLimit;
    this.plan = plan;
  }

  Response response(JsonNode body) throws IOException, RefusedException {
    SandboxFaults faults = plan.next(CreateRequest.promptOf(body.path("input")));
    refuse(faults, body);
    Job job = worker.create(CreateRequest.read(body, models), faults);
    if (job.createRequest().await()) {
      awaitEnd(job);
    }
    Delay.seconds(faults.number(SandboxFault.CREATE_SLOW));
    return createResponse(job);
  }

  private void refuse(SandboxFaults faults, JsonNode body) throws RefusedException {
    if (faults.has(SandboxFault.CREATE_500)) {
      throw new RefusedException(FullResponse.internalError());
    }
    if (faults.has(SandboxFault.CREATE_502_HTML)) {
      throw new RefusedException(FullResponse.badGateway());
    }
    if (faults.has(SandboxFault.CREATE_NO_CREDITS)) {
      throw new RefusedException(
          FullResponse.error(402, "INSUFFICIENT_CREDITS", "Your account has run out of credits."));
    }
    if (faults.has(SandboxFault.CREATE_SUSPENDED)) {
      throw new RefusedException(
          FullResponse.bareError(403, "ACCOUNT_SUSPENDED", "Your account is suspended."));
    }
    if (faults.has(SandboxFault.CREATE_POLICY)) {
      throw RefusedException.forbidden();
    }
    if (faults.has(SandboxFault.CREATE_INFERENCE_ERROR)) {
      throw new RefusedException(
          FullResponse.inferenceError(400, "INVALID_PARAMETER", "A parameter is not valid."));
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

  private Response createResponse(Job job) {
    SandboxFaults faults = job.faults();
    if (faults.has(SandboxFault.CREATE_CUT)) {
      return Response.NONE;
    }
    if (faults.has(SandboxFault.CREATE_500_ACCEPTED)) {
      return FullResponse.internalError();
    }
    if (faults.has(SandboxFault.CREATE_GARBAGE)) {
      return FullResponse.html(200, "OK, thank you");
    }
    if (faults.has(SandboxFault.CREATE_STATUS_FALSE)) {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      body.put("id", job.id()).put("status", false);
      body.putObject("error").put("message", "The prediction is still queued.");
      return FullResponse.json(202, body);
    }
    return faults.has(SandboxFault.CREATE_MINIMAL)
        ? FullResponse.json(200, dialect.minimal(job))
        : FullResponse.json(202, dialect.full(job));
  }

  private static void awaitEnd(Job job) {
    try {
      job.completion().get(AWAIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      // The response has the current status.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the completion of a prediction never fails", e);
    }
  }
}
