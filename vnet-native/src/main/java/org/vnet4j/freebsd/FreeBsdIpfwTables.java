// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.vnet4j.KernelError;
import org.vnet4j.VnetException;
import org.vnet4j.firewall.Table;
import org.vnet4j.freebsd.ipfw.IpfwAbi;
import org.vnet4j.freebsd.ipfw.IpfwTable;
import org.vnet4j.freebsd.ipfw.IpfwTableCodec;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.Errno;
import org.vnet4j.spi.TableDriver;

/** The address tables of one stack's ipfw. */
final class FreeBsdIpfwTables implements TableDriver {
  static final Comparator<Cidr> ORDER =
      Comparator.comparing(Cidr::isIpv6)
          .thenComparing(cidr -> new BigInteger(1, cidr.address().getAddress()))
          .thenComparing(Cidr::prefixLength);

  private final FreeBsdIpfw ipfw;

  FreeBsdIpfwTables(FreeBsdIpfw ipfw) {
    this.ipfw = ipfw;
  }

  private interface Request {
    ByteBuffer of(IpfwTableCodec codec);
  }

  private ByteBuffer get(String call, String table, Request request) {
    return ipfw.use(
        socket -> {
          try {
            return socket.get(call, table, request.of(new IpfwTableCodec(socket.version())));
          } catch (VnetException e) {
            throw typed(e);
          }
        });
  }

  private void set(String call, String table, Request request) {
    ipfw.requireNoTrial();
    ipfw.use(
        socket -> {
          ByteBuffer bytes = request.of(new IpfwTableCodec(socket.version()));
          try {
            socket.calls().set(socket.fd(), call, table, bytes);
          } catch (VnetException e) {
            throw typed(e);
          }
          return table;
        });
  }

  private static VnetException typed(VnetException e) {
    KernelError error = e.kernelError().orElse(null);
    Errno errno = error == null ? null : error.errno().orElse(null);
    if (errno == null) {
      return e;
    }
    return switch (errno) {
      case ESRCH, ENOENT -> new Table.NotFoundException(error);
      case EEXIST -> new Table.ExistsException(error);
      case EBUSY -> new Table.BusyException(error, null);
      default -> e;
    };
  }

  private List<IpfwTable> all() {
    return ipfw.use(
        socket -> {
          IpfwTableCodec codec = new IpfwTableCodec(socket.version());
          return codec.tables(
              socket.calls().list(socket.fd(), "IP_FW_TABLES_XLIST", "ipfw", codec::tables));
        });
  }

  @Override
  public List<String> tables() {
    return all().stream()
        .filter(table -> table.type() == IpfwAbi.IPFW_TABLE_ADDR)
        .map(IpfwTable::name)
        .sorted()
        .toList();
  }

  @Override
  public void create(String table) {
    set("IP_FW_TABLE_XCREATE", table, codec -> codec.create(table));
  }

  @Override
  public void destroy(String table) {
    set("IP_FW_TABLE_XDESTROY", table, codec -> codec.destroy(table));
  }

  @Override
  public List<Cidr> entries(String table) {
    return ipfw.use(
        socket -> {
          IpfwTableCodec codec = new IpfwTableCodec(socket.version());
          try {
            ByteBuffer answer =
                socket
                    .calls()
                    .list(socket.fd(), "IP_FW_TABLE_XLIST", table, room -> codec.list(table, room));
            return codec.listed(answer).stream().sorted(ORDER).toList();
          } catch (VnetException e) {
            throw typed(e);
          }
        });
  }

  /** Adds the prefixes that the table does not contain. The kernel rejects an entry that exists. */
  @Override
  public void add(String table, List<Cidr> prefixes) {
    ipfw.requireNoTrial();
    Set<Cidr> missing = new TreeSet<>(ORDER);
    missing.addAll(prefixes);
    missing.removeAll(Set.copyOf(entries(table)));
    if (!missing.isEmpty()) {
      get("IP_FW_TABLE_XADD", table, codec -> codec.add(table, List.copyOf(missing)));
    }
  }

  @Override
  public void delete(String table, List<Cidr> prefixes) {
    ipfw.requireNoTrial();
    Set<Cidr> there = new TreeSet<>(ORDER);
    there.addAll(entries(table));
    there.retainAll(Set.copyOf(prefixes));
    if (!there.isEmpty()) {
      get("IP_FW_TABLE_XDEL", table, codec -> codec.delete(table, List.copyOf(there)));
    }
  }

  @Override
  public void flush(String table) {
    set("IP_FW_TABLE_XFLUSH", table, codec -> codec.flush(table));
  }
}
