// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;

/** Decodes arbitrary bytes in place of those of an inotify(7) queue. */
class DirectoryWatchFuzzTest {
  @FuzzTest(maxDuration = "5m")
  void events_are_worth_a_look_or_not(byte[] bytes) {
    ByteBuffer events = ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.nativeOrder());
    events.put(0, bytes);
    boolean worth = DirectoryWatch.isWorthALook(events, bytes.length, Set.of("vnet4j", "netns"));
    assertThat(worth && bytes.length < 16).isFalse();
  }
}
