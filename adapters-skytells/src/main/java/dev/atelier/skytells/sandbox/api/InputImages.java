package dev.atelier.skytells.sandbox.api;

import dev.atelier.skytells.sandbox.catalog.Medium;
import dev.atelier.skytells.sandbox.catalog.Parameters.InputUrl;
import dev.atelier.skytells.sandbox.input.ImageFetcher;
import dev.atelier.skytells.sandbox.input.UnusableImageException;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** The images that predictions and their outputs are made of. Thread-safe. */
public final class InputImages {
  private final ImageFetcher fetcher;
  private final Executor executor;
  private final Map<String, CompletableFuture<Fetched>> byJob = new ConcurrentHashMap<>();

  /**
   * The result of the downloads.
   *
   * @param failure why the prediction fails
   */
  record Fetched(List<BufferedImage> images, Optional<String> failure) {
    private static final Fetched NOTHING = new Fetched(List.of(), Optional.empty());
  }

  /**
   * @param executor runs the downloads
   */
  public InputImages(ImageFetcher fetcher, Executor executor) {
    this.fetcher = fetcher;
    this.executor = executor;
  }

  /** Starts the downloads at the first call. */
  CompletableFuture<Fetched> fetch(Job job) {
    List<InputUrl> urls = urls(job);
    return urls.isEmpty()
        ? CompletableFuture.completedFuture(Fetched.NOTHING)
        : byJob.computeIfAbsent(
            job.id(), _ -> CompletableFuture.supplyAsync(() -> fetch(urls), executor));
  }

  /** The downloaded images; none if the prediction has none, or has not downloaded them. */
  List<BufferedImage> of(Job job) {
    CompletableFuture<Fetched> fetch = byJob.get(job.id());
    return fetch == null ? List.of() : fetch.getNow(Fetched.NOTHING).images();
  }

  void drop(Job job) {
    byJob.remove(job.id());
  }

  private static List<InputUrl> urls(Job job) {
    CreateRequest createRequest = job.createRequest();
    return createRequest.medium() == Medium.AUDIO ? List.of() : createRequest.parameters().urls();
  }

  private Fetched fetch(List<InputUrl> urls) {
    var images = new ArrayList<BufferedImage>();
    for (InputUrl input : urls) {
      try {
        images.add(fetcher.fetch(input.url()));
      } catch (UnusableImageException e) {
        return failed(input, String.valueOf(e.getMessage()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return failed(input, "could not be downloaded: the server is closing");
      }
    }
    return new Fetched(List.copyOf(images), Optional.empty());
  }

  private static Fetched failed(InputUrl input, String reason) {
    return new Fetched(
        List.of(), Optional.of("The image input." + input.parameter() + " " + reason + "."));
  }
}
