// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.owner.Mark;

/**
 * Decodes arbitrary bytes as a reply of the helper, and as the mark in an interface's description.
 */
class ReplyFuzzTest {
  @FuzzTest(maxDuration = "5m")
  void a_reply_of_the_helper_is_read(byte[] bytes) {
    if (bytes.length < HelperReply.SIZE) {
      return; // shorter than a reply: the library treats it as the helper's end
    }
    ByteBuffer message = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    HelperReply reply =
        HelperReply.parse(new SeqPacketSocket.Message(message, List.of(), false, 0));
    assertThat(reply.data().remaining()).isEqualTo(bytes.length - HelperReply.SIZE);
    assertThat(reply.call()).hasSizeLessThanOrEqualTo(32).doesNotContain("\0");
    assertThat(Errno.here().error(reply.call(), "", reply.error()).toString()).isNotEmpty();
  }

  @FuzzTest(maxDuration = "5m")
  void a_mark_reads_back_as_itself(byte[] bytes) {
    Mark mark = Mark.parse(new String(bytes, StandardCharsets.UTF_8));
    assertThat(Mark.parse(mark.alias())).isEqualTo(mark);
  }
}
