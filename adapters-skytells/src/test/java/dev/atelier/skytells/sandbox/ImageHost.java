package dev.atelier.skytells.sandbox;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpServer;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.imageio.ImageIO;

/**
 * A server with images: {@code /left-red.png} and {@code .jpg} are red on the left and blue on the
 * right, {@code /text} and {@code /damaged.png} are none, {@code /large} has more than 32 MiB,
 * {@code /slow.png} waits for {@link #release}, and {@code /redirect/N} redirects N times.
 */
public final class ImageHost implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  public ImageHost() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            String path = exchange.getRequestURI().getPath();
            requests.add(path);
            if (path.startsWith("/redirect/")) {
              int rest = Integer.parseInt(path.substring("/redirect/".length()));
              String next = rest == 1 ? "/left-red.png" : "/redirect/" + (rest - 1);
              exchange.getResponseHeaders().set("Location", next);
              exchange.sendResponseHeaders(302, -1);
              return;
            }
            if (path.equals("/slow.png")) {
              arrived.countDown();
              awaitQuietly(released);
            }
            byte[] body = body(path);
            exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
  }

  private static byte[] body(String path) throws IOException {
    return switch (path) {
      case "/left-red.png", "/slow.png" -> leftRed("png");
      case "/left-red.jpg" -> leftRed("jpg");
      case "/text" -> "not a picture".getBytes(US_ASCII);
      case "/damaged.png" -> Arrays.copyOf(leftRed("png"), 60);
      case "/large" -> new byte[(32 << 20) + 1];
      default -> new byte[0];
    };
  }

  private static byte[] leftRed(String format) throws IOException {
    var image = new BufferedImage(320, 240, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.BLUE);
    graphics.fillRect(0, 0, 320, 240);
    graphics.setColor(Color.RED);
    graphics.fillRect(0, 0, 160, 240);
    graphics.dispose();
    var bytes = new ByteArrayOutputStream();
    ImageIO.write(image, format, bytes);
    return bytes.toByteArray();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** The requested paths, in order. */
  public List<String> requests() {
    return requests;
  }

  /** Waits until {@code /slow.png} is requested. */
  void awaitSlowRequest() throws InterruptedException {
    arrived.await();
  }

  /** Answers {@code /slow.png}. */
  void release() {
    released.countDown();
  }

  @Override
  public void close() {
    release();
    server.stop(0);
    threads.shutdownNow();
  }
}
