package dev.atelier.http.route;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.health.CheckReadiness;
import dev.atelier.application.health.CheckReadiness.Finding;
import dev.atelier.http.auth.AuthMode;
import dev.atelier.http.auth.InternalKey;
import dev.atelier.http.problem.Problem;
import dev.atelier.http.problem.ProblemException;
import dev.atelier.http.request.Json;
import dev.atelier.http.request.Routes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;

/** Liveness and readiness probes. */
public final class HealthRoutes implements Routes {
  private final CheckReadiness checkReadiness;
  private final AuthMode authMode;
  private final InternalKey key;

  public HealthRoutes(CheckReadiness checkReadiness, AuthMode authMode, InternalKey key) {
    this.checkReadiness = checkReadiness;
    this.authMode = authMode;
    this.key = key;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    Routes.read(
        routes, "/health/live", ctx -> Json.respond(ctx, 200, Json.object().put("live", true)));
    Routes.read(routes, "/health/ready", this::ready);
  }

  private void ready(Context ctx) {
    List<Finding> findings = checkReadiness.check();
    boolean ready = findings.stream().allMatch(finding -> finding.ready() || finding.groupReady());
    // Only for operators: the text may name a bucket and missing permissions.
    boolean showProblems = authMode instanceof AuthMode.None || key.matches(ctx);
    ObjectNode json = Json.object().put("ready", ready);
    ArrayNode dependencies = json.putArray("dependencies");
    for (Finding finding : findings) {
      ObjectNode dependency =
          dependencies.addObject().put("name", finding.dependency()).put("ready", finding.ready());
      finding
          .problem()
          .filter(_ -> showProblems)
          .ifPresent(problem -> dependency.put("problem", problem));
    }
    if (!ready) {
      throw new ProblemException(Problem.unavailable().with(json));
    }
    ctx.header("Cache-Control", "no-store");
    Json.respond(ctx, 200, json);
  }
}
