package dev.atelier.http;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Records our log lines of level WARN and above until closed. */
public final class Logs implements AutoCloseable {
  private final ListAppender<ILoggingEvent> events = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.atelier");

  public Logs() {
    events.start();
    logger.addAppender(events);
    logger.setAdditive(false);
    logger.setLevel(Level.WARN);
  }

  /** Returns level and message of each event, in order. */
  public List<String> lines() {
    return events.list.stream()
        .map(event -> event.getLevel() + " " + event.getFormattedMessage())
        .toList();
  }

  @Override
  public void close() {
    logger.setLevel(null);
    logger.setAdditive(true);
    logger.detachAppender(events);
    events.stop();
  }
}
