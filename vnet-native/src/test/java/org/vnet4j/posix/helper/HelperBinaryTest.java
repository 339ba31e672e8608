// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests that the helper's program is hardened, by reading its ELF file; see elf(5). */
final class HelperBinaryTest {
  private static final int ET_DYN = 3;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_GNU_STACK = 0x6474e551;
  private static final int PT_GNU_RELRO = 0x6474e552;
  private static final int PF_X = 1;
  private static final long DT_FLAGS = 30;
  private static final long DF_BIND_NOW = 8;

  private final ByteBuffer elf =
      ByteBuffer.wrap(HelperBinary.program()).order(ByteOrder.LITTLE_ENDIAN);

  /** Returns where in the file the header of each kind of segment is. */
  private Map<Integer, Integer> segments() {
    Map<Integer, Integer> segments = new HashMap<>();
    int at = (int) elf.getLong(32);
    for (int i = 0; i < elf.getShort(56); i++) {
      segments.put(elf.getInt(at), at);
      at += elf.getShort(54);
    }
    return segments;
  }

  private Map<Long, Long> dynamic(int segment) {
    Map<Long, Long> entries = new HashMap<>();
    int at = (int) elf.getLong(segment + 8);
    for (; elf.getLong(at) != 0; at += 16) {
      entries.put(elf.getLong(at), elf.getLong(at + 8));
    }
    return entries;
  }

  @Test
  void it_can_be_loaded_at_any_address_and_its_tables_are_read_only() {
    assertThat(elf.getInt(0)).as("magic").isEqualTo(0x464c457f);
    assertThat(elf.getShort(16)).as("type").isEqualTo((short) ET_DYN);
    Map<Integer, Integer> segments = segments();
    assertThat(segments).containsKey(PT_GNU_RELRO);
    assertThat(dynamic(segments.get(PT_DYNAMIC)).get(DT_FLAGS) & DF_BIND_NOW)
        .as("BIND_NOW")
        .isNotZero();
    assertThat(elf.getInt(segments.get(PT_GNU_STACK) + 4) & PF_X).as("stack").isZero();
  }
}
