package dev.atelier.bootstrap;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.ProvidesIntoSet;
import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.Dependency;
import dev.atelier.persistence.blob.FileBlobStore;
import java.time.Clock;

/** Assets in local files. */
final class FileBlobsModule extends AbstractModule {
  private final Settings settings;

  FileBlobsModule(Settings settings) {
    this.settings = settings;
  }

  @Provides
  @Singleton
  FileBlobStore files(Clock clock) {
    return new FileBlobStore(settings.blobDirectory(), clock);
  }

  @Provides
  BlobStore blobs(FileBlobStore files) {
    return files;
  }

  @ProvidesIntoSet
  Dependency dependency(FileBlobStore files) {
    return files;
  }
}
