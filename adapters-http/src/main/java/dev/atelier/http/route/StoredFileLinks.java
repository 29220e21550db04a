package dev.atelier.http.route;

import dev.atelier.application.port.FileLinks;
import dev.atelier.domain.FileReference;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.UploadId;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The URLs of stored files, in the form in which responses contain them. */
public final class StoredFileLinks implements FileLinks {
  private final Links links;
  private final boolean reachable;
  private final Pattern output;
  private final Pattern upload;

  /**
   * @param reachable whether the provider can reach the public base URL
   */
  public StoredFileLinks(Links links, boolean reachable) {
    this.links = links;
    this.reachable = reachable;
    this.output =
        Pattern.compile(
            Pattern.quote(links.base())
                + "/api/predictions/([0-9a-fA-F-]{36})/output/([0-9]{1,3})(\\?.*)?");
    this.upload =
        Pattern.compile(Pattern.quote(links.base()) + "/api/uploads/([0-9a-fA-F-]{36})(\\?.*)?");
  }

  @Override
  public Optional<FileReference> parse(String text) {
    Matcher uploaded = upload.matcher(text);
    if (uploaded.matches()) {
      return UploadId.parse(uploaded.group(1)).map(FileReference.UploadedFile::new);
    }
    Matcher matcher = output.matcher(text);
    return matcher.matches()
        ? GenerationId.parse(matcher.group(1))
            .map(id -> new FileReference.OutputFile(id, Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  @Override
  public String url(FileReference file) {
    return links.base() + path(file);
  }

  @Override
  public String signedUrl(FileReference file, Instant until) {
    String path = path(file);
    return links.base() + path + links.signer().map(key -> key.query(path, until)).orElse("");
  }

  private static String path(FileReference file) {
    return switch (file) {
      case FileReference.OutputFile output -> Links.output(output);
      case FileReference.UploadedFile upload -> Links.upload(upload);
    };
  }

  @Override
  public boolean isReachable() {
    return reachable;
  }
}
