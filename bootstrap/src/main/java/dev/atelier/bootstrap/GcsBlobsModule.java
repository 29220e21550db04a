package dev.atelier.bootstrap;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.ProvidesIntoSet;
import com.google.inject.name.Named;
import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.Dependency;
import dev.atelier.persistence.blob.gcs.GcsBlobStore;
import dev.atelier.persistence.blob.gcs.GcsSettings;
import java.time.Clock;

/**
 * Binds the blob store in Google Cloud Storage. Separate, so that Google's classes load only if
 * used.
 */
final class GcsBlobsModule extends AbstractModule {
  private final GcsSettings settings;

  GcsBlobsModule(GcsSettings settings) {
    this.settings = settings;
  }

  @Provides
  @Singleton
  GcsBlobStore bucket(Clock clock) {
    return new GcsBlobStore(settings, clock);
  }

  @Provides
  BlobStore blobs(GcsBlobStore bucket) {
    return bucket;
  }

  @ProvidesIntoSet
  @Named("storage")
  Dependency dependency(GcsBlobStore bucket) {
    return bucket;
  }
}
