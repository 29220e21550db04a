package dev.atelier.http.request;

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
 * Detects a client disconnect during a request, which Jetty would notice only at the next write.
 * Reads from the connection until closed; bytes of a pipelined request are passed on. A half-closed
 * connection counts as disconnected.
 */
public final class ClientDisconnectMonitor implements Callback, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClientDisconnectMonitor.class);

  private static final String END_POINT = ClientDisconnectMonitor.class.getName();

  /** Must fit into the buffer of the connection. */
  private static final int READ_BYTES = 1024;

  private final Runnable onDisconnect;
  private final Lock lock = new ReentrantLock();
  private boolean closed;

  private final AbstractEndPoint endPoint;

  private ClientDisconnectMonitor(AbstractEndPoint endPoint, Runnable onDisconnect) {
    this.endPoint = endPoint;
    this.onDisconnect = onDisconnect;
  }

  static void rememberConnection(Request request) {
    request.setAttribute(END_POINT, request.getConnectionMetaData().getConnection().getEndPoint());
  }

  /**
   * Starts monitoring.
   *
   * @param onDisconnect runs at most once, on another thread
   * @return must be closed before the response is complete
   */
  public static ClientDisconnectMonitor await(Context ctx, Runnable onDisconnect) {
    if (!(ctx.attribute(END_POINT) instanceof AbstractEndPoint endPoint)) {
      throw new IllegalStateException("the connection of the request is unknown");
    }
    var monitor = new ClientDisconnectMonitor(endPoint, onDisconnect);
    monitor.awaitReadable();
    return monitor;
  }

  private void awaitReadable() {
    if (!endPoint.tryFillInterested(this)) {
      log.debug("cannot detect a disconnect, another reader is active: connection={}", endPoint);
    }
  }

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
    ByteBuffer buffer = BufferUtil.allocate(READ_BYTES);
    try {
      int count = endPoint.fill(buffer);
      if (count == 0) {
        awaitReadable();
      } else if (count < 0) {
        onDisconnect.run();
      } else if (endPoint.getConnection() instanceof Connection.UpgradeTo connection) {
        connection.onUpgradeTo(buffer);
      }
    } catch (IOException e) {
      onDisconnect.run();
    } catch (BufferOverflowException e) {
      endPoint.close(e); // the client keeps sending and never reads
      onDisconnect.run();
    }
  }

  /** Called when this side closes the connection, and by {@link #close}. */
  @Override
  public void failed(Throwable x) {
    lock.lock();
    try {
      if (!closed) {
        onDisconnect.run();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    var _ = endPoint.getFillInterest().onFail(new CancellationException());
  }
}
