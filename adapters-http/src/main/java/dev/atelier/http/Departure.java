package dev.atelier.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a client goes away while its request is in progress. By itself the server would only
 * notice at the next write, since it reads nothing from a connection until it has answered; so this
 * reads instead, until it is closed. A client that has closed its side has gone, as most servers
 * see it; what a client sends ahead is handed to the connection, which takes it as its next
 * request.
 */
final class Departure implements Callback, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Departure.class);

  /** The key of the connection's end among a request's attributes. */
  private static final String END_POINT = Departure.class.getName();

  /** Much less than the connection takes. */
  private static final int AHEAD_BYTES = 1024;

  private final Runnable then;
  private final Lock lock = new ReentrantLock();
  private boolean closed;

  private final AbstractEndPoint client;

  private Departure(AbstractEndPoint client, Runnable then) {
    this.client = client;
    this.then = then;
  }

  /** Remembers where the request came from, before any route is asked. */
  static void prepare(Request request) {
    request.setAttribute(END_POINT, request.getConnectionMetaData().getConnection().getEndPoint());
  }

  /**
   * Waits for the client to go away.
   *
   * @param then what is done if it does; from another thread, and at most once
   * @return to be closed before the request is answered
   */
  static Departure await(Context ctx, Runnable then) {
    if (!(ctx.attribute(END_POINT) instanceof AbstractEndPoint client)) {
      throw new IllegalStateException("no connection that could be watched");
    }
    var departure = new Departure(client, then);
    departure.readOn();
    return departure;
  }

  private void readOn() {
    if (!client.tryFillInterested(this)) {
      log.debug("somebody else reads from {}", client);
    }
  }

  /** There is something to read, or the end. */
  @Override
  public void succeeded() {
    lock.lock();
    try {
      if (!closed) {
        read();
      }
    } finally {
      lock.unlock();
    }
  }

  private void read() {
    ByteBuffer ahead = BufferUtil.allocate(AHEAD_BYTES);
    try {
      int count = client.fill(ahead);
      if (count == 0) {
        readOn();
      } else if (count < 0) {
        then.run();
      } else if (client.getConnection() instanceof Connection.UpgradeTo connection) {
        connection.onUpgradeTo(ahead);
      }
    } catch (IOException e) {
      then.run();
    } catch (BufferOverflowException e) {
      client.close(e); // it sends and sends, and never listens
      then.run();
    }
  }

  /** The connection was closed from this side, or the wait was: see {@link #close}. */
  @Override
  public void failed(Throwable x) {
    lock.lock();
    try {
      if (!closed) {
        then.run();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Leaves the reading to the connection again. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    var _ = client.getFillInterest().onFail(new CancellationException());
  }
}
