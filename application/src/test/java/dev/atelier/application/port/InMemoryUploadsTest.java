package dev.atelier.application.port;

class InMemoryUploadsTest implements UploadsContract {
  private final InMemoryUploads uploads = new InMemoryUploads();

  @Override
  public Uploads uploads() {
    return uploads;
  }
}
