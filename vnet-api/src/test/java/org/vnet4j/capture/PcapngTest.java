// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that do not fit an option of a file. */
class PcapngTest {
  private static final int HEADER = 8;
  private static final int COMMENT = 1;
  private static final int NAME = 2;
  private static final int FILTER = 11;

  @ParameterizedTest
  @ValueSource(ints = {0, 65_518, 65_519, 65_536, 200_000})
  void a_filter_is_whole_or_left_out(int spaces) throws IOException {
    String filter = "tcp" + " ".repeat(spaces) + " and port 80";

    Map<Integer, byte[]> options = interfaceOptions(write("eth0", filter));

    if (filter.length() < 65_535) {
      assertThat(options.get(FILTER)).isEqualTo(("\0" + filter).getBytes(StandardCharsets.UTF_8));
    } else {
      assertThat(options).doesNotContainKey(FILTER).containsKey(COMMENT);
    }
  }

  @Test
  void a_name_is_cut_between_two_characters() throws IOException {
    String name = "x" + "é".repeat(40_000);

    byte[] kept = interfaceOptions(write(name, "")).get(NAME);

    assertThat(new String(kept, StandardCharsets.UTF_8)).isEqualTo(name.substring(0, 32_768));
  }

  private static byte[] write(String name, String filter) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Pcapng file = Pcapng.to(out, name, 100, filter)) {
      file.write(new CapturedPacket(Instant.now(), 60, new byte[60]));
    }
    return out.toByteArray();
  }

  /** Walks through the blocks, and the options of the interface block, to their ends. */
  private static Map<Integer, byte[]> interfaceOptions(byte[] bytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int second = file.getInt(4);
    int third = second + file.getInt(second + 4);
    assertThat(third + file.getInt(third + 4)).as("end of the third block").isEqualTo(bytes.length);
    Map<Integer, byte[]> options = new LinkedHashMap<>();
    int at = second + HEADER + 8;
    while (file.getShort(at) != 0) {
      int length = file.getShort(at + 2) & 0xffff;
      byte[] value = new byte[length];
      file.get(at + 4, value);
      options.put(file.getShort(at) & 0xffff, value);
      at += 4 + (length + 3 & ~3);
    }
    assertThat(at + 4).as("end of the options").isEqualTo(third - 4);
    return options;
  }
}
