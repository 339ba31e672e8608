// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.vnet4j.firewall.Rule;

/**
 * Encodes requests that add and list rules and decodes their answers. The bytes are the same as
 * those of ipfw(8). A quick rule has no special encoding, since every rule of ipfw is quick. See
 * ip_fw_sockopt.c.
 */
public final class IpfwRuleCodec {
  private final IpfwVersion version;

  public IpfwRuleCodec(IpfwVersion version) {
    this.version = version;
  }

  /**
   * Encodes the request that adds a rule. The kernel writes its answer into the same buffer.
   *
   * @param number 1 to 65534, or 0 to let the kernel choose
   * @param set 0 to 31
   */
  public ByteBuffer add(int number, int set, Rule rule) {
    if (number < 0 || number >= IpfwAbi.IPFW_DEFAULT_RULE) {
      throw new IllegalArgumentException("rule number " + number + " is not in 0..65534");
    }
    checkSet(set);
    IpfwRuleWriter writer = new IpfwRuleWriter(version, rule);
    byte[] instructions = writer.instructions();
    int names = writer.objects().isEmpty() ? 0 : writer.objects().size();
    int size = roundUp(IpfwAbi.RULE_CMD + instructions.length);
    int list = IpfwAbi.OPHEADER_SIZE + names;
    int at = list + IpfwAbi.CTLV_SIZE;
    ByteBuffer request = version.request(IpfwAbi.IP_FW_XADD, at + size);
    if (names > 0) {
      writer.objects().write(request, IpfwAbi.OPHEADER_SIZE, version, set);
    }
    request.putShort(list + IpfwAbi.TLV_TYPE, (short) IpfwAbi.IPFW_TLV_RULE_LIST);
    request.putInt(list + IpfwAbi.TLV_LENGTH, IpfwAbi.CTLV_SIZE + size);
    request.putInt(list + IpfwAbi.CTLV_COUNT, 1);
    request.putShort(at + IpfwAbi.RULE_ACT_OFS, (short) writer.actionOffset());
    request.putShort(at + IpfwAbi.RULE_CMD_LEN, (short) (instructions.length / 4));
    request.put(at + IpfwAbi.RULE_SET, (byte) set);
    request.put(
        at + IpfwAbi.RULE_FLAGS, (byte) (writer.sidesAreAny() ? IpfwAbi.IPFW_RULE_NOOPT : 0));
    request.putInt(at + IpfwAbi.RULE_RULENUM, number);
    return request.put(at + IpfwAbi.RULE_CMD, instructions);
  }

  static void checkSet(int set) {
    if (set < 0 || set >= IpfwAbi.IPFW_MAX_SETS) {
      throw new IllegalArgumentException("set " + set + " is not in 0..31");
    }
  }

  private static int roundUp(int size) {
    return (size + 7) & ~7;
  }

  /**
   * Decodes the answer to {@link #add}, or the request itself. In the answer the kernel has filled
   * in the number.
   */
  public IpfwRule added(ByteBuffer answer) {
    IpfwObjects objects = new IpfwObjects();
    int list = IpfwAbi.OPHEADER_SIZE;
    if (type(answer, list) == IpfwAbi.IPFW_TLV_TBLNAME_LIST) {
      int names = length(answer, list);
      objects = IpfwObjects.read(answer, list, version);
      list += names;
    }
    length(answer, list);
    return rule(answer, list + IpfwAbi.CTLV_SIZE, 0, 0, objects);
  }

  /**
   * Encodes the request that lists rules.
   *
   * @param first the lowest number wanted
   * @param last the highest number wanted; 0 for all rules
   * @param size size of the answer's buffer in bytes; the kernel fails with ENOMEM if it is too
   *     small
   */
  public ByteBuffer list(boolean rules, boolean counters, int first, int last, int size) {
    ByteBuffer request = version.request(IpfwAbi.IP_FW_XGET, Math.max(size, IpfwAbi.CFG_SIZE));
    int flags =
        (rules ? IpfwAbi.IPFW_CFG_GET_STATIC : 0) | (counters ? IpfwAbi.IPFW_CFG_GET_COUNTERS : 0);
    return request
        .putInt(IpfwAbi.CFG_FLAGS, flags)
        .putInt(IpfwAbi.CFG_START_RULE, first)
        .putInt(IpfwAbi.CFG_END_RULE, last);
  }

  /** Returns the enabled sets from the answer to {@link #list}, a bit for each. */
  public static int enabledSets(ByteBuffer answer) {
    return answer.getInt(IpfwAbi.CFG_SET_MASK);
  }

  /** Returns the required size of the answer to {@link #list}, even if the buffer was smaller. */
  static int neededSize(ByteBuffer answer) {
    return answer.getInt(IpfwAbi.CFG_NEEDED);
  }

  /**
   * Decodes the answer to {@link #list}. Leaves out two entries that the kernel adds: its counter
   * of orphaned states, which has the number of the default rule, and the rule after the requested
   * range.
   */
  public List<IpfwRule> listed(ByteBuffer answer) {
    List<IpfwRule> rules = new ArrayList<>();
    IpfwObjects objects = new IpfwObjects();
    boolean counters = (answer.getInt(IpfwAbi.CFG_FLAGS) & IpfwAbi.IPFW_CFG_GET_COUNTERS) != 0;
    int last = answer.getInt(IpfwAbi.CFG_END_RULE);
    int end = Math.min(neededSize(answer), answer.limit());
    for (int at = IpfwAbi.CFG_SIZE; at < end; at += length(answer, at)) {
      length(answer, at);
      if (type(answer, at) == IpfwAbi.IPFW_TLV_TBLNAME_LIST) {
        objects = IpfwObjects.read(answer, at, version);
      } else if (type(answer, at) == IpfwAbi.IPFW_TLV_RULE_LIST) {
        rules(answer, at, counters, objects, rules);
      }
    }
    rules.removeIf(rule -> last != 0 && rule.number() > last);
    int count = rules.size();
    rules.removeIf(
        rule -> rule.number() == IpfwAbi.IPFW_DEFAULT_RULE && rule != rules.get(count - 1));
    return rules;
  }

  private void rules(
      ByteBuffer answer, int list, boolean counters, IpfwObjects objects, List<IpfwRule> to) {
    int end = list + length(answer, list);
    for (int at = list + IpfwAbi.CTLV_SIZE; at < end; at += length(answer, at)) {
      int body = at + IpfwAbi.TLV_SIZE;
      if (counters && length(answer, at) >= IpfwAbi.TLV_SIZE + IpfwAbi.BCOUNTER_SIZE) {
        long packets = answer.getLong(body + IpfwAbi.BCOUNTER_PCNT);
        long bytes = answer.getLong(body + IpfwAbi.BCOUNTER_BCNT);
        to.add(rule(answer, body + IpfwAbi.BCOUNTER_SIZE, packets, bytes, objects));
      } else {
        to.add(rule(answer, body, 0, 0, objects));
      }
    }
  }

  private IpfwRule rule(ByteBuffer from, int at, long packets, long bytes, IpfwObjects objects) {
    if (at + IpfwAbi.RULE_CMD > from.limit()) {
      throw new IllegalArgumentException("a rule at " + at + " of " + from.limit() + " bytes");
    }
    Rule rule = null;
    String unsupported = "";
    try {
      rule =
          IpfwRuleReader.read(
              version,
              objects,
              from,
              at + IpfwAbi.RULE_CMD,
              from.getShort(at + IpfwAbi.RULE_CMD_LEN) & 0xffff,
              from.getShort(at + IpfwAbi.RULE_ACT_OFS) & 0xffff);
    } catch (UnsupportedRuleException e) {
      unsupported = String.valueOf(e.getMessage());
    }
    return new IpfwRule(
        from.getInt(at + IpfwAbi.RULE_RULENUM),
        from.get(at + IpfwAbi.RULE_SET) & 0xff,
        from.getInt(at + IpfwAbi.RULE_ID),
        packets,
        bytes,
        rule,
        unsupported);
  }

  static int type(ByteBuffer from, int at) {
    return at + IpfwAbi.TLV_SIZE > from.limit() ? 0 : from.getShort(at) & 0xffff;
  }

  static int length(ByteBuffer from, int at) {
    int length = at + IpfwAbi.TLV_SIZE > from.limit() ? 0 : from.getInt(at + IpfwAbi.TLV_LENGTH);
    if (length < IpfwAbi.TLV_SIZE || length > from.limit() - at) {
      throw new IllegalArgumentException(
          "a part of " + length + " bytes at " + at + " of " + from.limit());
    }
    return length;
  }
}
