// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.replay;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Native memory of a test that makes system calls without the codecs. */
final class NativeMemory {
  final ByteBuffer bytes;
  final long address;

  private NativeMemory(byte[] content) {
    bytes = ByteBuffer.allocateDirect(Math.max(1, content.length)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(0, content);
    address = MemoryIO.getInstance().getDirectBufferAddress(bytes);
  }

  static NativeMemory of(byte[] content) {
    return new NativeMemory(content);
  }

  static NativeMemory of(int size) {
    return new NativeMemory(new byte[size]);
  }

  static NativeMemory of(String text) {
    return new NativeMemory((text + "\0").getBytes(StandardCharsets.UTF_8));
  }

  byte[] array(int length) {
    byte[] array = new byte[length];
    bytes.get(0, array);
    return array;
  }
}
