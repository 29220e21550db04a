package dev.atelier.application.port;

import dev.atelier.domain.FileReference;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.UploadId;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Links of a service at {@code https://app.example.test}. */
public final class FakeFileLinks implements FileLinks {
  private static final String BASE = "https://app.example.test";
  private static final Pattern OUTPUT =
      Pattern.compile(Pattern.quote(BASE) + "/outputs/([0-9a-f-]{36})/([0-9]+)(\\?.*)?");

  private static final Pattern UPLOAD =
      Pattern.compile(Pattern.quote(BASE) + "/uploads/([0-9a-f-]{36})(\\?.*)?");

  private volatile boolean reachable = true;

  public void makeUnreachable() {
    reachable = false;
  }

  @Override
  public Optional<FileReference> parse(String text) {
    Matcher upload = UPLOAD.matcher(text);
    if (upload.matches()) {
      return UploadId.parse(upload.group(1)).map(FileReference.UploadedFile::new);
    }
    Matcher output = OUTPUT.matcher(text);
    return output.matches()
        ? GenerationId.parse(output.group(1))
            .map(id -> new FileReference.OutputFile(id, Integer.parseInt(output.group(2))))
        : Optional.empty();
  }

  @Override
  public String url(FileReference source) {
    return switch (source) {
      case FileReference.OutputFile output ->
          BASE + "/outputs/" + output.generation() + "/" + output.index();
      case FileReference.UploadedFile file -> BASE + "/uploads/" + file.upload();
    };
  }

  @Override
  public String signedUrl(FileReference file, Instant until) {
    return url(file) + "?until=" + until;
  }

  @Override
  public boolean isReachable() {
    return reachable;
  }
}
