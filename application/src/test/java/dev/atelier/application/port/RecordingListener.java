package dev.atelier.application.port;

import dev.atelier.domain.GenerationId;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Records the notifications of {@link ChangeNotifications}, in order. */
public final class RecordingListener implements ChangeNotifications.Listener {
  /** Represents {@link #onNotificationsMissed}; a change is represented by its id. */
  public static final String MISSED = "missed";

  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

  private RecordingListener() {}

  /** Starts to listen. */
  public static RecordingListener on(ChangeNotifications changeNotifications) {
    var recordingListener = new RecordingListener();
    changeNotifications.listen(recordingListener);
    return recordingListener;
  }

  /** Starts to listen and waits until the connection is established. */
  public static RecordingListener listening(ChangeNotifications changeNotifications) {
    RecordingListener recordingListener = on(changeNotifications);
    if (!recordingListener.next().equals(MISSED)) {
      throw new AssertionError("received a change before the initial gap");
    }
    return recordingListener;
  }

  /** Waits for the next notification; fails after a timeout. */
  public String next() {
    try {
      String next = received.poll(30, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("no notification received");
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Whether all received notifications were read. */
  public boolean isSilent() {
    return received.isEmpty();
  }

  @Override
  public void onChange(GenerationId id) {
    received.add(id.toString());
  }

  @Override
  public void onNotificationsMissed() {
    received.add(MISSED);
  }
}
