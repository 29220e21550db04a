package dev.atelier.http;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What we log while it is open, from warnings on. */
public final class Logs implements AutoCloseable {
  private final ListAppender<ILoggingEvent> events = new ListAppender<>();
  private final Logger ours = (Logger) LoggerFactory.getLogger("dev.atelier");

  public Logs() {
    events.start();
    ours.addAppender(events);
    ours.setAdditive(false);
    ours.setLevel(Level.WARN);
  }

  /** Level and message of each event, in order. */
  public List<String> lines() {
    return events.list.stream()
        .map(event -> event.getLevel() + " " + event.getFormattedMessage())
        .toList();
  }

  @Override
  public void close() {
    ours.setLevel(null);
    ours.setAdditive(true);
    ours.detachAppender(events);
    events.stop();
  }
}
