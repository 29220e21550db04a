package dev.atelier.skytells.sandbox.video;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jcodec.common.io.SeekableByteChannel;

/** A file in memory that grows. */
final class MemoryChannel implements SeekableByteChannel {
  private static final int FIRST_BYTES = 1 << 20;

  private byte[] bytes = new byte[FIRST_BYTES];
  private int size;
  private int position;

  byte[] content() {
    return Arrays.copyOf(bytes, size);
  }

  @Override
  public int write(ByteBuffer source) {
    int count = source.remaining();
    int end = Math.addExact(position, count);
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
    }
    source.get(bytes, position, count);
    position = end;
    size = Math.max(size, end);
    return count;
  }

  @Override
  public int read(ByteBuffer target) {
    int count = Math.min(target.remaining(), size - position);
    if (count <= 0) {
      return -1;
    }
    target.put(bytes, position, count);
    position += count;
    return count;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel setPosition(long newPosition) {
    position = Math.toIntExact(newPosition);
    return this;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public SeekableByteChannel truncate(long newSize) {
    size = Math.toIntExact(Math.min(size, newSize));
    return this;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {
    // Memory needs no closing.
  }
}
