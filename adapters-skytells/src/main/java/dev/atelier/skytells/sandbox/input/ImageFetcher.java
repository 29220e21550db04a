package dev.atelier.skytells.sandbox.input;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Downloads images from any host, the loopback address included: the sandbox is a development
 * server.
 *
 * @param http must not follow redirects
 */
public record ImageFetcher(HttpClient http) {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_MEBIBYTES = 32;
  private static final int MAX_REDIRECTS = 3;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  /**
   * Blocks until the image is decoded. A large image is scaled down.
   *
   * @throws UnusableImageException if there is no image at the URL
   * @throws InterruptedException if the sandbox closes
   */
  public BufferedImage fetch(String url) throws UnusableImageException, InterruptedException {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    URI uri = absolute(url);
    for (int request = 0; request <= MAX_REDIRECTS; request++) {
      HttpResponse<byte[]> response = get(uri, deadline);
      if (response.statusCode() == 200) {
        return InputImage.decode(response.body());
      }
      if (!REDIRECTS.contains(response.statusCode())) {
        throw new UnusableImageException(
            "could not be downloaded: its server answered " + response.statusCode());
      }
      uri = redirect(uri, response);
    }
    throw new UnusableImageException(
        "could not be downloaded: more than " + MAX_REDIRECTS + " redirects");
  }

  private HttpResponse<byte[]> get(URI uri, long deadline)
      throws UnusableImageException, InterruptedException {
    var bounded = BodyHandlers.limiting(BodyHandlers.ofByteArray(), (long) MAX_MEBIBYTES << 20);
    CompletableFuture<HttpResponse<byte[]>> response =
        http.sendAsync(HttpRequest.newBuilder(uri).build(), bounded);
    try {
      return response.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new UnusableImageException(
          "could not be downloaded in " + TIMEOUT.toSeconds() + " seconds");
    } catch (ExecutionException e) {
      throw new UnusableImageException(
          e.getCause() instanceof IOException
              ? "could not be downloaded, or is larger than " + MAX_MEBIBYTES + " MiB"
              : "could not be downloaded");
    } finally {
      response.cancel(true);
    }
  }

  private static URI redirect(URI from, HttpResponse<byte[]> response)
      throws UnusableImageException {
    String location = response.headers().firstValue("Location").orElse("");
    try {
      return absolute(from.resolve(location).toString());
    } catch (IllegalArgumentException e) {
      throw invalidUrl();
    }
  }

  private static URI absolute(String url) throws UnusableImageException {
    try {
      URI uri = URI.create(url);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      if ((scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Refused below.
    }
    throw invalidUrl();
  }

  private static UnusableImageException invalidUrl() {
    return new UnusableImageException("could not be downloaded: its URL is not http or https");
  }
}
