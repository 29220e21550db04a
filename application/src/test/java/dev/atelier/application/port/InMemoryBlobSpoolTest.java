package dev.atelier.application.port;

class InMemoryBlobSpoolTest implements BlobSpoolContract {
  private final InMemoryBlobSpool spool = new InMemoryBlobSpool();

  @Override
  public BlobSpool spool() {
    return spool;
  }
}
