// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import static org.vnet4j.posix.libc.Abi.EBUSY;
import static org.vnet4j.posix.libc.Abi.EEXIST;
import static org.vnet4j.posix.libc.Abi.ENOENT;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.vnet4j.firewall.Address;
import org.vnet4j.firewall.Endpoint;
import org.vnet4j.firewall.Rule;
import org.vnet4j.firewall.Table;
import org.vnet4j.linux.rtnetlink.AddressMessages;
import org.vnet4j.net.Cidr;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.spi.TableDriver;

/**
 * The tables of addresses of a firewall. Each table has two sets per family: one against which
 * packets are compared, where adjacent ranges are merged, and one that stores the prefixes as they
 * were added.
 */
public final class NftAddresses implements TableDriver {
  /** IPv4 before IPv6, then by bytes; a network before its subnets. */
  static final Comparator<Cidr> ORDER =
      Comparator.comparing(Cidr::isIpv6)
          .thenComparing(cidr -> cidr.address().getAddress(), Arrays::compareUnsigned)
          .thenComparing(Cidr::prefixLength);

  private final FirewallStore store;

  public NftAddresses(FirewallStore store) {
    this.store = store;
  }

  static String set(String table, int family) {
    return "t" + family + "." + table;
  }

  static String memory(String table, int family) {
    return "e" + family + "." + table;
  }

  /** Adds the sets of a table to a program. */
  public static void declare(NftProgram program, String table, List<Cidr> entries) {
    for (int family : new int[] {4, 6}) {
      int width = family == 6 ? 16 : 4;
      NftRanges ranges = new NftRanges(width);
      List<NftSet.Element> memory = new ArrayList<>();
      for (Cidr entry : entries) {
        if (entry.isIpv6() == (family == 6)) {
          ranges.add(entry);
          byte[] key = Arrays.copyOf(entry.address().getAddress(), width + 4);
          key[width] = (byte) entry.prefixLength();
          memory.add(NftSet.Element.of(key));
        }
      }
      int type = family == 6 ? NftSet.IPV6 : NftSet.IPV4;
      program.add(
          NftSet.changing(set(table, family), type, width, Nft.NFT_SET_INTERVAL)
              .with(ranges.elements()));
      program.add(
          NftSet.changing(memory(table, family), NftSet.INTEGER, width + 4, 0).with(memory));
    }
  }

  /** Decodes an element of the set that stores the prefixes. */
  static Cidr decode(byte[] key) {
    int width = key.length - 4;
    if (width != 4 && width != 16) {
      throw new IllegalArgumentException("an address of " + width + " bytes");
    }
    return new Cidr(address(Arrays.copyOf(key, width)), key[width] & 0xff);
  }

  /** Returns an address of 4 or of 16 bytes. */
  static InetAddress address(byte[] bytes) {
    return Objects.requireNonNull(AddressMessages.address(bytes));
  }

  @Override
  public List<String> tables() {
    return List.copyOf(new TreeSet<>(store.model().tables().keySet()));
  }

  @Override
  public void create(String table) {
    store.change(
        "table " + table,
        model -> {
          if (model.tables().containsKey(table)) {
            throw new Table.ExistsException(Errno.LINUX.error("nft", "table " + table, EEXIST));
          }
          return with(model, table, List.of());
        });
  }

  @Override
  public void destroy(String table) {
    store.change(
        "table " + table,
        model -> {
          require(model, table);
          for (StoredRule entry : model.entries()) {
            if (uses(entry.rule(), table)) {
              throw new Table.BusyException(
                  Errno.LINUX.error("nft", "table " + table, EBUSY),
                  "a rule uses it: %05d %s".formatted(entry.number(), entry.rule()));
            }
          }
          Map<String, List<Cidr>> fewer = new TreeMap<>(model.tables());
          fewer.remove(table);
          return model.tables(fewer);
        });
  }

  private static boolean uses(Rule rule, String table) {
    return uses(rule.source(), table) || uses(rule.destination(), table);
  }

  private static boolean uses(Endpoint side, String table) {
    return side.choices().stream()
        .anyMatch(choice -> choice.address().equals(new Address.Table(table)));
  }

  @Override
  public List<Cidr> entries(String table) {
    return require(store.model(), table);
  }

  @Override
  public void add(String table, List<Cidr> prefixes) {
    change(
        table,
        prefixes,
        (all, prefix) -> {
          all.add(prefix);
          return all;
        });
  }

  @Override
  public void delete(String table, List<Cidr> prefixes) {
    change(
        table,
        prefixes,
        (all, prefix) -> {
          all.remove(prefix);
          return all;
        });
  }

  private void change(
      String table,
      List<Cidr> prefixes,
      BiFunction<SortedSet<Cidr>, Cidr, SortedSet<Cidr>> change) {
    store.change(
        "table " + table,
        model -> {
          SortedSet<Cidr> all = new TreeSet<>(ORDER);
          all.addAll(require(model, table));
          for (Cidr prefix : prefixes) {
            change.apply(all, prefix);
          }
          return with(model, table, List.copyOf(all));
        });
  }

  @Override
  public void flush(String table) {
    store.change(
        "table " + table,
        model -> {
          require(model, table);
          return with(model, table, List.of());
        });
  }

  private static FirewallModel with(FirewallModel model, String table, List<Cidr> entries) {
    Map<String, List<Cidr>> more = new TreeMap<>(model.tables());
    more.put(table, entries);
    return model.tables(more);
  }

  private static List<Cidr> require(FirewallModel model, String table) {
    List<Cidr> entries = model.tables().get(table);
    if (entries == null) {
      throw new Table.NotFoundException(Errno.LINUX.error("nft", "table " + table, ENOENT));
    }
    return entries;
  }

  /**
   * Returns all tables, including those that rules name but nobody created: these are empty, as
   * with ipfw(8).
   */
  static Map<String, List<Cidr>> named(FirewallModel model) {
    Map<String, List<Cidr>> all = new TreeMap<>(model.tables());
    for (StoredRule entry : model.entries()) {
      for (Endpoint side : List.of(entry.rule().source(), entry.rule().destination())) {
        for (Endpoint.Choice choice : side.choices()) {
          if (choice.address() instanceof Address.Table table) {
            all.putIfAbsent(table.name(), List.of());
          }
        }
      }
    }
    return all;
  }
}
