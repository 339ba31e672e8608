// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Encodes and decodes the ipfw rules that lead frames into pipes. The rules precede all others,
 * match frames only ({@code layer2}) and are in set 31, which a flush does not delete:
 *
 * <pre>
 * 1 set 31 pipe 40001 layer2 out xmit epair0a // vnet4j 7 lab/4711/81523/4712/3f9a1c22/0/1
 * 99 set 31 allow layer2 // vnet4j
 * </pre>
 *
 * <p>The user's rules therefore decide on packets as they would without shaping, and never see
 * frames. The number in the comment is the interface's index, so that another interface of the same
 * name is not shaped. The owner follows it; a sweep uses the owner to find the rules left by a
 * killed program.
 */
public final class ShapingRules {
  public static final int SET = 31;
  public static final int LAST = 98;
  public static final int PASS = 99;
  public static final int FIRST_PIPE = 40_000;

  private static final String MARK = "vnet4j";
  private static final Pattern OF_PIPE = Pattern.compile(MARK + " ([0-9]{1,9}) (\\S+)");
  private static final int O_LAYER2 = 14;
  private static final int O_PIPE = 50;
  private static final int XMIT_SIZE = 24;
  private static final int XMIT_NAME = 8;

  private final IpfwVersion version;

  public ShapingRules(IpfwVersion version) {
    this.version = version;
  }

  /**
   * A rule with a number from 1 to 99.
   *
   * @param number 1 to 99
   * @param ours whether this library created it
   * @param name the interface from which frames are led into a pipe; empty for rule 99
   * @param index the index of that interface
   * @param owner the mark of the owner; empty for rule 99
   */
  public record Listed(int number, boolean ours, String name, int index, String owner) {
    public int pipe() {
      return FIRST_PIPE + number;
    }

    public boolean isPass() {
      return ours && number == PASS;
    }
  }

  /** Encodes the request that adds rule 99, which passes frames around all later rules. */
  public ByteBuffer pass() {
    ByteBuffer code = code();
    put(code, O_LAYER2, 0);
    comment(code, MARK);
    return add(PASS, code, IpfwOpcode.O_ACCEPT, 0);
  }

  /**
   * Encodes the request that adds a rule which leads the frames leaving by an interface into its
   * pipe.
   */
  public ByteBuffer pipe(int number, String name, int index, String owner) {
    ByteBuffer code = code();
    put(code, O_LAYER2, 0);
    code.put((byte) IpfwOpcode.O_IN).put((byte) (IpfwOpcode.F_NOT | 1)).putShort((short) 0);
    int at = code.position();
    code.put((byte) IpfwOpcode.O_XMIT).put((byte) (XMIT_SIZE / 4));
    code.put(at + XMIT_NAME, name.getBytes(StandardCharsets.US_ASCII)).position(at + XMIT_SIZE);
    comment(code, MARK + " " + index + " " + owner);
    return add(number, code, O_PIPE, FIRST_PIPE + number);
  }

  private static ByteBuffer code() {
    return ByteBuffer.allocate(256).order(java.nio.ByteOrder.nativeOrder());
  }

  private static void put(ByteBuffer code, int opcode, int argument) {
    code.put((byte) opcode).put((byte) 1).putShort((short) argument);
  }

  private static void comment(ByteBuffer code, String text) {
    int words = 1 + text.length() / 4 + 1;
    int at = code.position();
    code.put((byte) IpfwOpcode.O_NOP).put((byte) words);
    code.put(at + 4, text.getBytes(StandardCharsets.US_ASCII)).position(at + 4 * words);
  }

  private ByteBuffer add(int number, ByteBuffer code, int action, int argument) {
    int actionAt = code.position() / 4;
    put(code, action, argument);
    int words = code.position() / 4;
    int size = IpfwAbi.RULE_CMD + 4 * words + 7 & ~7;
    int list = IpfwAbi.OPHEADER_SIZE;
    int at = list + IpfwAbi.CTLV_SIZE;
    ByteBuffer request = version.request(IpfwAbi.IP_FW_XADD, at + size);
    request.putShort(list + IpfwAbi.TLV_TYPE, (short) IpfwAbi.IPFW_TLV_RULE_LIST);
    request.putInt(list + IpfwAbi.TLV_LENGTH, IpfwAbi.CTLV_SIZE + size);
    request.putInt(list + IpfwAbi.CTLV_COUNT, 1);
    request.putShort(at + IpfwAbi.RULE_ACT_OFS, (short) actionAt);
    request.putShort(at + IpfwAbi.RULE_CMD_LEN, (short) words);
    request.put(at + IpfwAbi.RULE_SET, (byte) SET);
    request.put(at + IpfwAbi.RULE_FLAGS, (byte) IpfwAbi.IPFW_RULE_NOOPT);
    request.putInt(at + IpfwAbi.RULE_RULENUM, number);
    return request.put(at + IpfwAbi.RULE_CMD, code.array(), 0, 4 * words);
  }

  /** Encodes the request that lists the rules with numbers from 1 to 99, without counters. */
  public ByteBuffer list(int room) {
    return new IpfwRuleCodec(version).list(true, false, 1, PASS, room);
  }

  /** Decodes the answer. Leaves out the rules with higher numbers. */
  public List<Listed> listed(ByteBuffer answer) {
    List<Listed> found = new ArrayList<>();
    int end = Math.min(IpfwRuleCodec.neededSize(answer), answer.limit());
    for (int at = IpfwAbi.CFG_SIZE; at < end; at += IpfwRuleCodec.length(answer, at)) {
      int listEnd = at + IpfwRuleCodec.length(answer, at);
      if (IpfwRuleCodec.type(answer, at) != IpfwAbi.IPFW_TLV_RULE_LIST) {
        continue;
      }
      for (int one = at + IpfwAbi.CTLV_SIZE;
          one < listEnd;
          one += IpfwRuleCodec.length(answer, one)) {
        Listed rule = rule(answer, one + IpfwAbi.TLV_SIZE, one + IpfwRuleCodec.length(answer, one));
        if (rule.number() <= PASS) {
          found.add(rule);
        }
      }
    }
    return found;
  }

  private static Listed rule(ByteBuffer from, int at, int end) {
    if (at + IpfwAbi.RULE_CMD > end) {
      throw new IllegalArgumentException("a rule at " + at + " of " + from.limit() + " bytes");
    }
    boolean inSet = (from.get(at + IpfwAbi.RULE_SET) & 0xff) == SET;
    int words = from.getShort(at + IpfwAbi.RULE_CMD_LEN) & 0xffff;
    int last = Math.min(end, at + IpfwAbi.RULE_CMD + 4 * words);
    String name = "";
    String comment = "";
    for (int one = at + IpfwAbi.RULE_CMD; one + 4 <= last; ) {
      int size = 4 * (from.get(one + 1) & IpfwOpcode.F_LEN_MASK);
      if (size == 0 || size > last - one) {
        break;
      }
      int opcode = from.get(one) & 0xff;
      if (opcode == IpfwOpcode.O_XMIT && size == XMIT_SIZE) {
        name = text(from, one + XMIT_NAME, one + size);
      } else if (opcode == IpfwOpcode.O_NOP) {
        comment = text(from, one + 4, one + size);
      }
      one += size;
    }
    int number = from.getInt(at + IpfwAbi.RULE_RULENUM);
    Matcher pipe = OF_PIPE.matcher(comment);
    if (inSet && pipe.matches() && !name.isEmpty()) {
      return new Listed(number, true, name, Integer.parseInt(pipe.group(1)), pipe.group(2));
    }
    return new Listed(number, inSet && comment.equals(MARK), name, 0, "");
  }

  private static String text(ByteBuffer from, int at, int end) {
    StringBuilder text = new StringBuilder();
    for (int i = at; i < end && from.get(i) != 0; i++) {
      text.append((char) (from.get(i) & 0x7f));
    }
    return text.toString();
  }
}
