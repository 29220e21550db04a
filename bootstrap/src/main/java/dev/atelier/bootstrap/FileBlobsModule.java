package dev.atelier.bootstrap;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.ProvidesIntoSet;
import com.google.inject.name.Named;
import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.Dependency;
import dev.atelier.persistence.blob.file.FileBlobStore;
import java.nio.file.Path;
import java.time.Clock;

/** Binds the blob store in local files. */
final class FileBlobsModule extends AbstractModule {
  private final Path directory;

  FileBlobsModule(Path directory) {
    this.directory = directory;
  }

  @Provides
  @Singleton
  FileBlobStore files(Clock clock) {
    return new FileBlobStore(directory, clock);
  }

  @Provides
  BlobStore blobs(FileBlobStore files) {
    return files;
  }

  @ProvidesIntoSet
  @Named("storage")
  Dependency dependency(FileBlobStore files) {
    return files;
  }
}
