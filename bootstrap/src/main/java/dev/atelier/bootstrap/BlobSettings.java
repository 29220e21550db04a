package dev.atelier.bootstrap;

import dev.atelier.persistence.blob.gcs.GcsSettings;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The configured blob store. */
sealed interface BlobSettings {
  record Files(Path directory) implements BlobSettings {}

  record Bucket(GcsSettings bucket) implements BlobSettings {}

  static BlobSettings read(Environment environment) {
    Optional<BlobSettings> store = environment.value("BLOB_STORE", BlobSettings::store);
    Optional<URI> publicUrl = environment.value("BLOB_PUBLIC_URL", Settings::baseUrl);
    var urlLife =
        Duration.ofSeconds(
            environment.number(
                "BLOB_URL_LIFETIME",
                Math.toIntExact(GcsSettings.DEFAULT_URL_LIFE.toSeconds()),
                60,
                604_800));
    Optional<URI> emulator = environment.value("STORAGE_EMULATOR_HOST", BlobSettings::emulator);
    return switch (store.orElseGet(() -> new Files(Settings.DATA_DIRECTORY.resolve("blobs")))) {
      case Bucket(GcsSettings bucket) -> {
        GcsSettings settings = bucket.withUrlLife(urlLife);
        settings = publicUrl.map(settings::withPublicUrl).orElse(settings);
        yield new Bucket(emulator.map(settings::at).orElse(settings));
      }
      case Files files -> {
        if (publicUrl.isPresent()) {
          environment.problem("BLOB_PUBLIC_URL", "is only used with BLOB_STORE=gs://…");
        }
        yield files;
      }
    };
  }

  private static BlobSettings store(String text) {
    return text.startsWith("gs:")
        ? new Bucket(GcsSettings.parse(text))
        : new Files(directory(text));
  }

  private static Path directory(String text) {
    String rule =
        "must look like file:directory, relative or absolute, without a host or a ~, or like"
            + " gs://bucket/prefix";
    if (!text.matches("file:(///[^/].*|/?[^/~].*)")) {
      throw new IllegalArgumentException(rule);
    }
    try {
      return Path.of(text.substring("file:".length()).replaceFirst("^//(?=/)", ""));
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(rule, e);
    }
  }

  /** Google's tools accept the variable with and without a scheme. */
  private static URI emulator(String text) {
    return Settings.baseUrl(text.contains("://") ? text : "http://" + text);
  }
}
