package dev.atelier.application.generate;

import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.FileLinks;
import dev.atelier.application.port.Generations;
import dev.atelier.application.port.Uploads;
import dev.atelier.application.query.AccessScope;
import dev.atelier.domain.Asset;
import dev.atelier.domain.FileReference;
import dev.atelier.domain.InputFile;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.Upload;
import dev.atelier.domain.UploadId;
import dev.atelier.domain.UserId;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stored files as inputs: finds them in a request, and makes links that Skytells can open. */
public final class InputFiles {
  private static final String DISPOSITION = "inline";

  private final Generations generations;
  private final Uploads uploads;
  private final BlobStore blobs;
  private final FileLinks links;
  private final Clock clock;

  public InputFiles(
      Generations generations, Uploads uploads, BlobStore blobs, FileLinks links, Clock clock) {
    this.generations = generations;
    this.uploads = uploads;
    this.blobs = blobs;
    this.links = links;
    this.clock = clock;
  }

  /**
   * Parameters whose URLs of stored files have no signature.
   *
   * @param files in the order of the parameters
   */
  record Found(ModelInput parameters, List<InputFile> files) {}

  /** Finds the files by their URLs. Does not check that they exist. */
  Found find(ModelInput parameters) {
    var files = new ArrayList<InputFile>();
    ModelInput unsigned =
        parameters.mapStrings(
            (path, text) -> {
              Optional<FileReference> file = links.parse(text);
              file.ifPresent(source -> files.add(new InputFile(path, source)));
              return file.map(links::url).orElse(text);
            });
    return new Found(unsigned, List.copyOf(files));
  }

  /**
   * Replaces the URLs of stored files by links that open without a credential.
   *
   * @param owner the files must be theirs
   * @param until when the links may stop working
   * @throws UnusableInputException if a file does not exist or Skytells cannot reach it
   */
  ModelInput link(ModelInput input, List<InputFile> files, UserId owner, Instant until) {
    Map<FileReference, String> links = new HashMap<>();
    Map<String, String> urls = new HashMap<>();
    for (InputFile file : files) {
      String url = links.computeIfAbsent(file.source(), _ -> link(file, owner, until));
      urls.put(file.path(), url);
    }
    return input.mapStrings((path, text) -> urls.getOrDefault(path, text));
  }

  private String link(InputFile file, UserId owner, Instant until) {
    Asset asset =
        asset(file.source(), owner, until)
            .orElseThrow(
                () ->
                    new UnusableInputException(
                        file.path(), UnusableInputException.Reason.NOT_FOUND));
    Optional<String> direct =
        blobs
            .link(asset.key(), DISPOSITION)
            .filter(link -> !clock.instant().plus(link.usableFor()).isBefore(until))
            .map(link -> link.url().toString());
    if (direct.isEmpty() && !links.isReachable()) {
      throw new UnusableInputException(file.path(), UnusableInputException.Reason.UNREACHABLE);
    }
    return direct.orElseGet(() -> links.signedUrl(file.source(), until));
  }

  private Optional<Asset> asset(FileReference source, UserId owner, Instant until) {
    return switch (source) {
      case FileReference.OutputFile output ->
          new AccessScope.Owner(owner)
              .find(generations, output.generation())
              .filter(generation -> !generation.isActive())
              .map(generation -> generation.state().storedAssets())
              .filter(assets -> output.index() < assets.size())
              .map(assets -> assets.get(output.index()));
      case FileReference.UploadedFile uploaded -> upload(uploaded.upload(), owner, until);
    };
  }

  /** An upload is kept for a day after its last use, and while a generation may fetch it. */
  private Optional<Asset> upload(UploadId id, UserId owner, Instant until) {
    Instant now = clock.instant();
    return uploads
        .find(id, now)
        .filter(upload -> upload.owner().equals(owner))
        .filter(_ -> uploads.keep(id, now, until.plus(Upload.LIFETIME)))
        .map(Upload::asset);
  }
}
