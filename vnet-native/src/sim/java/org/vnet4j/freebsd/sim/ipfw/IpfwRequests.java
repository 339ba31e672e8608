// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.ipfw;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.SimKernel;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.SysError;

/** One request of the socket option IP_FW3. The answer has the layout of the request. */
public final class IpfwRequests {
  private static final int CONFIG = FreeBsdAbi.size("_ipfw_cfg_lheader");
  private static final int OBJECT = 96;
  private static final int OBJECT_NAME = 16 + 16;
  private static final int TABLE_LIST = 24;
  private static final int TABLE_INFO = 200;
  private static final int TABLE_FLUSH = 94;
  private static final int RESET_LOG = 102;
  private static final int ENTRY = 120;
  private static final int ENTRY_ADDRESS = 16;

  private final SimProcess process;
  private final SimIpfw ipfw;
  private final IpfwLayout layout;
  private final SimKernel.RuleReader reader;
  private final byte[] request;
  private final ByteBuffer buffer;

  public IpfwRequests(
      SimProcess process, SimIpfw ipfw, SimKernel.RuleReader reader, byte[] request) {
    this.process = process;
    this.ipfw = ipfw;
    this.layout = ipfw.layout;
    this.reader = reader;
    this.request = request;
    this.buffer = IpfwLayout.in(request);
  }

  /**
   * Carries out the request and returns the answer; a request without an answer is returned itself.
   */
  public byte[] handle() {
    process.checkRoot();
    if (request.length < IpfwLayout.HEADER) {
      throw new SysError("EINVAL");
    }
    int opcode = buffer.getShort(0) & 0xffff;
    checkVersion(opcode, buffer.getShort(2));
    if (opcode == FreeBsdAbi.constant("IP_FW_XGET")) {
      return list();
    } else if (opcode == FreeBsdAbi.constant("IP_FW_XADD")) {
      return add();
    } else if (opcode == FreeBsdAbi.constant("IP_FW_XDEL")) {
      return touched(ipfw.delete(range()));
    } else if (opcode == FreeBsdAbi.constant("IP_FW_XZERO") || opcode == RESET_LOG) {
      return touched(zero(range()));
    } else if (opcode == FreeBsdAbi.constant("IP_FW_DUMP_SOPTCODES")) {
      return request;
    }
    return opcode >= FreeBsdAbi.constant("IP_FW_XMOVE") ? sets(opcode) : tables(opcode);
  }

  /** Checks the request's version. Requests for table entries have version 1 on FreeBSD 14 too. */
  private void checkVersion(int opcode, int version) {
    boolean entries =
        opcode == FreeBsdAbi.constant("IP_FW_TABLE_XADD")
            || opcode == FreeBsdAbi.constant("IP_FW_TABLE_XDEL")
            || opcode == FreeBsdAbi.constant("IP_FW_TABLE_XLIST");
    if (version != (entries ? 1 : layout.version)) {
      throw new SysError("EINVAL");
    }
  }

  // ---- rules

  private byte[] add() {
    int at = IpfwLayout.HEADER;
    List<SimIpfw.Named> names = new ArrayList<>();
    if (buffer.getShort(at) == FreeBsdAbi.constant("IPFW_TLV_TBLNAME_LIST")) {
      int end = at + buffer.getInt(at + 4);
      for (int one = at + IpfwLayout.LIST; one < end; one += IpfwLayout.NAME) {
        String name = IpfwLayout.text(request, one + 16, IpfwLayout.NAME_ROOM);
        names.add(new SimIpfw.Named(buffer.getShort(one), layout.number(buffer, one + 8), name));
      }
      at = end;
    }
    if (buffer.getShort(at) != FreeBsdAbi.constant("IPFW_TLV_RULE_LIST")
        || at + buffer.getInt(at + 4) != request.length
        || buffer.getInt(at + 8) != 1) {
      throw new SysError("EINVAL");
    }
    int body = at + IpfwLayout.LIST;
    SimIpfw.Entry entry =
        ipfw.add(Arrays.copyOfRange(request, body, request.length), names, reader.read(request));
    buffer.putInt(body + FreeBsdAbi.offset("ip_fw_rule", "rulenum"), entry.number());
    return request;
  }

  private byte[] list() {
    int flags = buffer.getInt(16);
    int first = buffer.getInt(24);
    int last = buffer.getInt(28);
    byte[] names = new byte[0];
    byte[] rules = new byte[0];
    if ((flags & FreeBsdAbi.constant("IPFW_CFG_GET_STATIC")) != 0) {
      List<SimIpfw.Entry> wanted = wanted(first, last == 0 ? SimIpfw.DEFAULT : last);
      names = names(wanted);
      byte[] list = new byte[0];
      for (SimIpfw.Entry entry : wanted) {
        boolean counted = (flags & FreeBsdAbi.constant("IPFW_CFG_GET_COUNTERS")) != 0;
        list = IpfwLayout.join(list, entry(entry, counted));
      }
      rules = list(FreeBsdAbi.constant("IPFW_TLV_RULE_LIST"), wanted.size(), 0, list);
    }
    byte[] answer = IpfwLayout.join(Arrays.copyOf(request, CONFIG), names);
    answer = IpfwLayout.join(answer, rules);
    if (answer.length > request.length) {
      throw new SysError("ENOMEM");
    }
    IpfwLayout.in(answer).putInt(8, ~ipfw.disabled).putInt(20, answer.length);
    return answer;
  }

  /** Returns the rules in a range and, as the kernel does, one rule beyond its end. */
  private List<SimIpfw.Entry> wanted(int first, int last) {
    List<SimIpfw.Entry> wanted = new ArrayList<>();
    for (SimIpfw.Entry entry : ipfw.rules) {
      if (entry.number() >= first) {
        wanted.add(entry);
        if (entry.number() > last) {
          break;
        }
      }
    }
    return wanted;
  }

  private byte[] names(List<SimIpfw.Entry> wanted) {
    Set<Integer> used = new HashSet<>();
    for (SimIpfw.Entry entry : wanted) {
      if (!ipfw.isOrphans(entry)) {
        layout.renumbered(
            entry.body,
            (table, number) -> {
              used.add(number);
              return number;
            });
      }
    }
    byte[] list = new byte[0];
    int count = 0;
    for (Map.Entry<String, SimIpfw.IpfwTable> table : ipfw.tables.entrySet()) {
      if (used.contains(table.getValue().number)) {
        list =
            IpfwLayout.join(
                list, layout.name(SimIpfw.TABLE, table.getValue().number, table.getKey()));
        count++;
      }
    }
    for (Map.Entry<String, Integer> state : ipfw.states.entrySet()) {
      if (used.contains(state.getValue())) {
        list = IpfwLayout.join(list, layout.name(SimIpfw.STATE, state.getValue(), state.getKey()));
        count++;
      }
    }
    return count == 0
        ? list
        : list(FreeBsdAbi.constant("IPFW_TLV_TBLNAME_LIST"), count, IpfwLayout.NAME, list);
  }

  private static byte[] list(int type, int count, int size, byte[] content) {
    byte[] header = new byte[IpfwLayout.LIST];
    IpfwLayout.in(header)
        .putShort(0, (short) type)
        .putInt(4, header.length + content.length)
        .putInt(8, count)
        .putShort(12, (short) size);
    return IpfwLayout.join(header, content);
  }

  private static byte[] entry(SimIpfw.Entry entry, boolean counted) {
    byte[] counter = new byte[counted ? IpfwLayout.COUNTER : 0];
    if (counted) {
      IpfwLayout.in(counter)
          .putShort(0, (short) counter.length)
          .putLong(FreeBsdAbi.offset("ip_fw_bcounter", "pcnt"), entry.packets)
          .putLong(FreeBsdAbi.offset("ip_fw_bcounter", "bcnt"), entry.bytes);
    }
    byte[] header = new byte[IpfwLayout.TLV];
    IpfwLayout.in(header)
        .putShort(0, (short) FreeBsdAbi.constant("IPFW_TLV_RULE_ENT"))
        .putInt(4, header.length + counter.length + entry.body.length);
    return IpfwLayout.join(IpfwLayout.join(header, counter), entry.body);
  }

  // ---- many rules, and sets

  private int range(int offset) {
    return IpfwLayout.HEADER + offset;
  }

  private Predicate<SimIpfw.Entry> range() {
    checkRange();
    int flags = buffer.getInt(range(8));
    int first = layout.number(buffer, range(12));
    int last = layout.number(buffer, range(layout.rangeEnd));
    int set = buffer.getInt(range(layout.rangeSet));
    return entry ->
        ((flags & FreeBsdAbi.constant("IPFW_RCFLAG_ALL")) == 0 || entry.set() != 31)
            && ((flags & FreeBsdAbi.constant("IPFW_RCFLAG_SET")) == 0 || entry.set() == set)
            && ((flags & FreeBsdAbi.constant("IPFW_RCFLAG_RANGE")) == 0
                || entry.number() >= first && entry.number() <= last);
  }

  private void checkRange() {
    if (request.length != range(layout.rangeSize) || buffer.getInt(range(4)) != layout.rangeSize) {
      throw new SysError("EINVAL");
    }
  }

  private int zero(Predicate<SimIpfw.Entry> which) {
    int count = 0;
    for (SimIpfw.Entry entry : ipfw.rules) {
      if (entry.number() == SimIpfw.DEFAULT || which.test(entry)) {
        entry.packets = 0;
        entry.bytes = 0;
        count += entry.number() == SimIpfw.DEFAULT ? 0 : 1;
      }
    }
    return count;
  }

  private byte[] touched(int rules) {
    buffer.putInt(range(layout.rangeNewSet), rules);
    return request;
  }

  private byte[] sets(int opcode) {
    checkRange();
    int set = buffer.getInt(range(layout.rangeSet));
    int other = buffer.getInt(range(layout.rangeNewSet));
    if (opcode == FreeBsdAbi.constant("IP_FW_SET_ENABLE")) {
      ipfw.disabled = (ipfw.disabled | set) & ~other & 0x7fffffff;
    } else if (set > 30 || other > 30) {
      throw new SysError("EINVAL");
    } else if (opcode == FreeBsdAbi.constant("IP_FW_SET_SWAP")) {
      ipfw.rules.forEach(
          entry ->
              entry.set(entry.set() == set ? other : entry.set() == other ? set : entry.set()));
    } else if (opcode == FreeBsdAbi.constant("IP_FW_SET_MOVE")) {
      ipfw.rules.forEach(entry -> entry.set(entry.set() == set ? other : entry.set()));
    } else {
      throw new SysError("EOPNOTSUPP");
    }
    ipfw.changes++;
    return request;
  }

  // ---- tables

  private String named() {
    if (request.length < OBJECT) {
      throw new SysError("EINVAL");
    }
    return IpfwLayout.text(request, OBJECT_NAME, IpfwLayout.NAME_ROOM);
  }

  private byte[] tables(int opcode) {
    if (opcode == FreeBsdAbi.constant("IP_FW_TABLES_XLIST")) {
      return tableList();
    } else if (opcode == FreeBsdAbi.constant("IP_FW_TABLE_XLIST")) {
      return entries(named());
    } else if (opcode == FreeBsdAbi.constant("IP_FW_TABLE_XCREATE")) {
      ipfw.create(named());
    } else if (opcode == FreeBsdAbi.constant("IP_FW_TABLE_XDESTROY")) {
      if (ipfw.references(ipfw.table(named())) > 0) {
        throw new SysError("EBUSY");
      }
      ipfw.tables.remove(named());
    } else if (opcode == TABLE_FLUSH) {
      ipfw.table(named()).entries.clear();
    } else if (opcode == FreeBsdAbi.constant("IP_FW_TABLE_XADD")) {
      change(ipfw.table(named()), true);
    } else if (opcode == FreeBsdAbi.constant("IP_FW_TABLE_XDEL")) {
      change(ipfw.table(named()), false);
    } else {
      throw new SysError("EOPNOTSUPP");
    }
    ipfw.changes++;
    return request;
  }

  /** Adds or deletes entries, all or none. A key is family, prefix length and address. */
  private void change(SimIpfw.IpfwTable table, boolean add) {
    List<byte[]> keys = new ArrayList<>();
    for (int at = OBJECT + IpfwLayout.LIST; at < request.length; at += ENTRY) {
      byte[] key = new byte[18];
      key[0] = request[at + 8];
      key[1] = request[at + 9];
      System.arraycopy(request, at + ENTRY_ADDRESS, key, 2, 16);
      keys.add(key);
    }
    for (byte[] key : keys) {
      if (table.entries.contains(key) == add) {
        throw new SysError(add ? "EEXIST" : "ENOENT");
      }
    }
    if (add) {
      table.entries.addAll(keys);
    } else {
      keys.forEach(table.entries::remove);
    }
  }

  private byte[] tableList() {
    byte[] answer = Arrays.copyOf(request, TABLE_LIST);
    for (String name : ipfw.tables.keySet()) {
      answer = IpfwLayout.join(answer, info(name));
    }
    if (answer.length > request.length) {
      throw new SysError("ENOMEM");
    }
    IpfwLayout.in(answer)
        .putInt(12, ipfw.tables.size())
        .putInt(16, answer.length)
        .putInt(20, TABLE_INFO);
    return answer;
  }

  /**
   * Returns a table's description: the recorded one of an empty table, with this table's name and
   * numbers.
   */
  private byte[] info(String name) {
    SimIpfw.IpfwTable table = ipfw.table(name);
    byte[] recorded = IpfwRecording.answer("ipfw table all list", 0);
    byte[] info = Arrays.copyOfRange(recorded, TABLE_LIST, TABLE_LIST + TABLE_INFO);
    Arrays.fill(info, 40, 40 + IpfwLayout.NAME_ROOM, (byte) 0);
    byte[] ascii = name.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, info, 40, ascii.length);
    IpfwLayout.in(info)
        .putInt(24, ipfw.references(table))
        .putInt(28, table.entries.size())
        .putInt(32, OBJECT + TABLE_INFO + ENTRY * table.entries.size());
    return info;
  }

  private byte[] entries(String name) {
    byte[] answer = IpfwLayout.join(Arrays.copyOf(request, OBJECT), info(name));
    for (byte[] key : ipfw.table(name).entries) {
      byte[] entry = new byte[ENTRY];
      IpfwLayout.in(entry)
          .putShort(0, (short) FreeBsdAbi.constant("IPFW_TLV_TBL_ENT"))
          .putInt(4, ENTRY)
          .put(8, key[0])
          .put(9, key[1]);
      System.arraycopy(key, 2, entry, ENTRY_ADDRESS, 16);
      answer = IpfwLayout.join(answer, entry);
    }
    if (answer.length > request.length) {
      throw new SysError("ENOMEM");
    }
    return answer;
  }
}
