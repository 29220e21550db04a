package dev.atelier.application.port;

class InMemoryBlobStoreTest implements BlobStoreContract {
  private final InMemoryBlobStore blobs = new InMemoryBlobStore();

  @Override
  public BlobStore blobs() {
    return blobs;
  }
}
