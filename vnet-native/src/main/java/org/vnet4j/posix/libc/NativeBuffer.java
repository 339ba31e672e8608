// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.libc;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jnr.ffi.Pointer;

/**
 * Memory that native calls read and write: a direct buffer in native byte order, and its address.
 * It must stay reachable ({@link #keep}) until the call that uses the address has returned.
 */
public final class NativeBuffer {
  private final ByteBuffer bytes;
  public final Pointer pointer;
  private final long address;

  private NativeBuffer(int size) {
    bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    pointer = Pointer.wrap(Native.runtime(), bytes);
    address = pointer.address();
  }

  /**
   * Allocates zeroed memory.
   *
   * @param size in bytes
   * @return the memory, freed when it is unreachable
   */
  public static NativeBuffer of(int size) {
    return new NativeBuffer(size);
  }

  /**
   * Copies a string, with a NUL at its end.
   *
   * @param text without NUL
   * @return its UTF-8 bytes
   * @throws IllegalArgumentException if it contains a NUL
   */
  public static NativeBuffer ofString(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("NUL in a string for the kernel");
    }
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    NativeBuffer buffer = new NativeBuffer(utf8.length + 1);
    buffer.bytes.put(0, utf8);
    return buffer;
  }

  /**
   * Creates an array of addresses with a null address at its end; the strings must stay reachable.
   */
  public static NativeBuffer vector(List<NativeBuffer> strings) {
    NativeBuffer vector = new NativeBuffer((strings.size() + 1) * Long.BYTES);
    for (int i = 0; i < strings.size(); i++) {
      vector.bytes.putLong(i * Long.BYTES, strings.get(i).address);
    }
    return vector;
  }

  /**
   * Returns the memory.
   *
   * @return a direct buffer in native order; use its absolute methods
   */
  public ByteBuffer bytes() {
    return bytes;
  }

  /**
   * Returns the address of the memory.
   *
   * @return an address that is valid while this object is reachable
   */
  public long address() {
    return address;
  }

  /** Returns the address of the memory as a pointer, for the calls that take one. */
  public Pointer pointer() {
    return pointer;
  }

  /** Keeps the memory reachable until this call. */
  public void keep() {
    Reference.reachabilityFence(this);
  }
}
