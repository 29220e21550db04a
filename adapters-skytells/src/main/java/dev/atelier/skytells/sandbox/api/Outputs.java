package dev.atelier.skytells.sandbox.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpExchange;
import dev.atelier.skytells.sandbox.api.Job.Phase;
import dev.atelier.skytells.sandbox.fault.FileFault;
import dev.atelier.skytells.sandbox.fault.SampleFile;
import dev.atelier.skytells.sandbox.fault.SandboxFault;
import dev.atelier.skytells.sandbox.http.FullResponse;
import dev.atelier.skytells.sandbox.http.Response;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Serves outputs like a CDN. */
public final class Outputs {
  private static final Pattern PATH = Pattern.compile("/outputs/([^/]+)/([0-9])\\.(?:png|mp4|wav)");

  private static final Pattern REDIRECT_QUERY = Pattern.compile("redirects=([0-9]{1,3})");

  private final Jobs jobs;
  private final Clock clock;
  private final Duration retention;
  private final OutputFiles files;

  public Outputs(Jobs jobs, Clock clock, Duration retention, OutputFiles files) {
    this.jobs = jobs;
    this.clock = clock;
    this.retention = retention;
    this.files = files;
  }

  static List<String> paths(Job job) {
    String extension = job.createRequest().medium().extension();
    return IntStream.range(0, job.createRequest().outputs())
        .mapToObj(n -> "/outputs/" + job.id() + "/" + n + extension)
        .toList();
  }

  public Response response(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    Matcher matcher = PATH.matcher(path);
    Optional<Job> found = matcher.matches() ? jobs.find(matcher.group(1)) : Optional.empty();
    if (found.filter(job -> isAvailable(job, path)).isEmpty()) {
      return FullResponse.json(
          404, JsonNodeFactory.instance.objectNode().put("message", "Not found"));
    }
    Job job = found.get();
    Optional<FullResponse> redirect = redirect(job, path, exchange.getRequestURI().getQuery());
    if (redirect.isPresent()) {
      return redirect.get();
    }
    int download = job.countRequest(path);
    if (download <= job.faults().number(SandboxFault.FILE_403)) {
      return FullResponse.html(403, "<html>Forbidden</html>");
    }
    if (download <= job.faults().number(SandboxFault.FILE_503)) {
      return FullResponse.html(503, "<html>Service Unavailable</html>");
    }
    FullResponse file = file(job, Integer.parseInt(matcher.group(2)));
    int mebibytes = job.faults().number(SandboxFault.FILE_LARGE);
    return mebibytes > 0
        ? new LargeFile(file, mebibytes, path.hashCode(), job::countDownload)
        : FileFault.response(job.faults(), file, job::countDownload);
  }

  private static Optional<FullResponse> redirect(Job job, String path, @Nullable String query) {
    int redirects = job.faults().number(SandboxFault.FILE_REDIRECTS);
    Matcher followed = REDIRECT_QUERY.matcher(query == null ? "" : query);
    int remaining =
        followed.matches() ? Math.min(redirects, Integer.parseInt(followed.group(1))) : redirects;
    return remaining > 0
        ? Optional.of(
            new FullResponse(
                remaining % 2 == 0 ? 302 : 307,
                Map.of("Location", path + "?redirects=" + (remaining - 1)),
                new byte[0]))
        : Optional.empty();
  }

  void delete(Job job) {
    files.delete(job);
  }

  private boolean isAvailable(Job job, String path) {
    boolean available =
        job.phase() == Phase.SUCCEEDED
            && !job.isDeleted()
            && !job.faults().has(SandboxFault.FILE_404)
            && job.completedAt()
                .filter(end -> clock.instant().isBefore(end.plus(retention)))
                .isPresent();
    return available && paths(job).contains(path);
  }

  private FullResponse file(Job job, int n) {
    Optional<FullResponse> sample = SampleFile.of(job.faults());
    if (sample.isPresent()) {
      return sample.get();
    }
    String type = job.createRequest().medium().contentType();
    return new FullResponse(200, Map.of("Content-Type", type), files.file(job, n));
  }
}
