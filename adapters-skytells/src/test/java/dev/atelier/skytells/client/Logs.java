package dev.atelier.skytells.client;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Collects log events of every level until closed. */
final class Logs implements AutoCloseable {
  private final ListAppender<ILoggingEvent> events = new ListAppender<>();
  private final Logger root =
      ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);

  Logs() {
    events.start();
    root.addAppender(events);
  }

  List<String> lines() {
    return events.list.stream()
        .map(event -> event.getLevel() + " " + event.getFormattedMessage())
        .toList();
  }

  /** Events with an exception; the client should log none. */
  List<ILoggingEvent> exceptions() {
    return events.list.stream().filter(event -> event.getThrowableProxy() != null).toList();
  }

  @Override
  public void close() {
    root.detachAppender(events);
    events.stop();
  }
}
