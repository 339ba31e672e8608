// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Memory of a test that makes calls by hand, without the codecs. */
final class Block {
  final ByteBuffer bytes;
  final long address;

  private Block(byte[] content) {
    bytes = ByteBuffer.allocateDirect(Math.max(1, content.length)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(0, content);
    address = MemoryIO.getInstance().getDirectBufferAddress(bytes);
  }

  static Block of(byte[] content) {
    return new Block(content);
  }

  static Block of(int size) {
    return new Block(new byte[size]);
  }

  static Block of(String text) {
    return new Block((text + "\0").getBytes(StandardCharsets.UTF_8));
  }

  byte[] array(int length) {
    byte[] array = new byte[length];
    bytes.get(0, array);
    return array;
  }
}
