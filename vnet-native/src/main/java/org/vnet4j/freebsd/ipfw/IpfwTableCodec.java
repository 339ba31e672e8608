// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.vnet4j.firewall.Address;
import org.vnet4j.net.Cidr;

/**
 * Encodes requests about address tables in set 0 without values, and decodes their answers. See
 * ip_fw_table.c and tables.c.
 */
public final class IpfwTableCodec {
  private static final String ALGORITHM = "addr:radix";

  /**
   * Offset of the name's index: in version 0 it has 16 bits and follows a spare word, in version 1
   * it is a word.
   */
  private static final int OBJ_IDX_V0 = 12;

  private static final int OBJ_IDX_V1 = 8;

  private final IpfwVersion version;

  public IpfwTableCodec(IpfwVersion version) {
    this.version = version;
  }

  /** Creates an empty address table. Sent with setsockopt. */
  public ByteBuffer create(String name) {
    int at = IpfwAbi.OBJ_SIZE;
    return named(IpfwAbi.IP_FW_TABLE_XCREATE, name, at + IpfwAbi.XTABLE_SIZE)
        .put(at + IpfwAbi.XTABLE_TYPE, (byte) IpfwAbi.IPFW_TABLE_ADDR)
        .putInt(at + IpfwAbi.XTABLE_VMASK, IpfwAbi.IPFW_VTYPE_LEGACY)
        .put(at + IpfwAbi.XTABLE_ALGO, ALGORITHM.getBytes(StandardCharsets.US_ASCII));
  }

  /** Removes a table that no rule uses. Sent with setsockopt. */
  public ByteBuffer destroy(String name) {
    return named(IpfwAbi.IP_FW_TABLE_XDESTROY, name, IpfwAbi.OBJ_SIZE);
  }

  /** Removes all entries. Sent with setsockopt. */
  public ByteBuffer flush(String name) {
    return named(IpfwAbi.IP_FW_TABLE_XFLUSH, name, IpfwAbi.OBJ_SIZE);
  }

  /**
   * Adds entries, all or none. Sent with getsockopt: the kernel returns each entry with its result.
   */
  public ByteBuffer add(String name, List<Cidr> prefixes) {
    return entries(IpfwAbi.IP_FW_TABLE_XADD, name, prefixes);
  }

  /** Deletes entries, all or none. Sent with getsockopt. */
  public ByteBuffer delete(String name, List<Cidr> prefixes) {
    return entries(IpfwAbi.IP_FW_TABLE_XDEL, name, prefixes);
  }

  /** Lists all tables. The kernel fails with ENOMEM if the buffer is too small. */
  public ByteBuffer tables(int size) {
    return version
        .request(IpfwAbi.IP_FW_TABLES_XLIST, Math.max(size, IpfwAbi.LHEADER_SIZE))
        .putInt(IpfwAbi.LHEADER_NEEDED, size);
  }

  /** Lists the entries of a table. The kernel fails with ENOMEM if the buffer is too small. */
  public ByteBuffer list(String name, int size) {
    ByteBuffer request = named(IpfwAbi.IP_FW_TABLE_XLIST, name, Math.max(size, IpfwAbi.OBJ_SIZE));
    return version == IpfwVersion.V0 ? versioned(request) : request;
  }

  /** Decodes the answer to {@link #tables}. */
  public List<IpfwTable> tables(ByteBuffer answer) {
    List<IpfwTable> tables = new ArrayList<>();
    int count = answer.getInt(IpfwAbi.LHEADER_COUNT);
    int size = answer.getInt(IpfwAbi.LHEADER_OBJSIZE);
    if (count > 0 && size < IpfwAbi.XTABLE_SIZE
        || IpfwAbi.LHEADER_SIZE + (long) count * size > answer.limit()) {
      throw new IllegalArgumentException(
          count + " tables of " + size + " bytes in " + answer.limit());
    }
    for (int i = 0; i < count; i++) {
      tables.add(table(answer, IpfwAbi.LHEADER_SIZE + i * size));
    }
    return tables;
  }

  private static IpfwTable table(ByteBuffer from, int at) {
    return new IpfwTable(
        IpfwObjects.text(from, at + IpfwAbi.XTABLE_NAME, IpfwAbi.NTLV_NAME_SIZE),
        from.getInt(at + IpfwAbi.XTABLE_SET),
        from.get(at + IpfwAbi.XTABLE_TYPE),
        from.getInt(at + IpfwAbi.XTABLE_REFCNT),
        from.getInt(at + IpfwAbi.XTABLE_COUNT),
        from.getInt(at + IpfwAbi.XTABLE_BYTES),
        IpfwObjects.text(from, at + IpfwAbi.XTABLE_ALGO, IpfwAbi.NTLV_NAME_SIZE));
  }

  /** Decodes the answer to {@link #list}. */
  public List<Cidr> listed(ByteBuffer answer) {
    List<Cidr> prefixes = new ArrayList<>();
    IpfwTable table = table(answer, IpfwAbi.OBJ_SIZE);
    int end = Math.min(table.size(), answer.limit());
    int at = IpfwAbi.OBJ_SIZE + IpfwAbi.XTABLE_SIZE;
    while (at + IpfwAbi.TENTRY_SIZE <= end) {
      int length = answer.getInt(at + IpfwAbi.TLV_LENGTH);
      if (length < IpfwAbi.TENTRY_KEY + 16) {
        throw new IllegalArgumentException("an entry of " + length + " bytes at " + at);
      }
      prefixes.add(entry(answer, at));
      at += length;
    }
    return prefixes;
  }

  private static Cidr entry(ByteBuffer from, int at) {
    int family = from.get(at + IpfwAbi.TENTRY_SUBTYPE);
    byte[] octets = new byte[family == IpfwAbi.AF_INET6 ? 16 : 4];
    from.get(at + IpfwAbi.TENTRY_KEY, octets);
    try {
      return new Cidr(
          InetAddress.getByAddress(octets), from.get(at + IpfwAbi.TENTRY_MASKLEN) & 0xff);
    } catch (UnknownHostException e) {
      throw new AssertionError("an address of " + octets.length + " bytes", e);
    }
  }

  private ByteBuffer entries(int opcode, String name, List<Cidr> prefixes) {
    if (prefixes.isEmpty()) {
      throw new IllegalArgumentException("no addresses for table " + name);
    }
    int list = IpfwAbi.OBJ_SIZE;
    int size = IpfwAbi.CTLV_SIZE + prefixes.size() * IpfwAbi.TENTRY_SIZE;
    ByteBuffer request = versioned(named(opcode, name, list + size));
    request.put(IpfwAbi.OBJ_NTLV + version.ntlvSet + 1, (byte) IpfwAbi.IPFW_TABLE_ADDR);
    request.putInt(list + IpfwAbi.TLV_LENGTH, size);
    request.putInt(list + IpfwAbi.CTLV_COUNT, prefixes.size());
    request.put(list + IpfwAbi.CTLV_FLAGS, (byte) IpfwAbi.IPFW_CTF_ATOMIC);
    int at = list + IpfwAbi.CTLV_SIZE;
    for (Cidr prefix : prefixes) {
      request.putInt(at + IpfwAbi.TLV_LENGTH, IpfwAbi.TENTRY_SIZE);
      request.put(
          at + IpfwAbi.TENTRY_SUBTYPE,
          (byte) (prefix.isIpv6() ? IpfwAbi.AF_INET6 : IpfwAbi.AF_INET));
      request.put(at + IpfwAbi.TENTRY_MASKLEN, (byte) prefix.prefixLength());
      version.putNumber(request, at + IpfwAbi.TENTRY_IDX, 1);
      request.put(at + IpfwAbi.TENTRY_KEY, prefix.address().getAddress());
      at += IpfwAbi.TENTRY_SIZE;
    }
    return request;
  }

  /**
   * Marks a request as version 1, which requests about table entries have in both versions of the
   * interface.
   */
  private static ByteBuffer versioned(ByteBuffer request) {
    return request.putShort(IpfwAbi.OPHEADER_VERSION, (short) 1);
  }

  private ByteBuffer named(int opcode, String name, int size) {
    ByteBuffer request = version.request(opcode, size);
    if (version == IpfwVersion.V0) {
      request.putShort(OBJ_IDX_V0, (short) 1);
    } else {
      request.putInt(OBJ_IDX_V1, 1);
    }
    String checked = new Address.Table(name).name();
    IpfwObjects.writeName(
        request, IpfwAbi.OBJ_NTLV, version, IpfwAbi.IPFW_TLV_TBL_NAME, 1, 0, checked);
    return request;
  }
}
