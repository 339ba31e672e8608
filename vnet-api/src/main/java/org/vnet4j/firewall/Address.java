// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.vnet4j.net.Cidr;

/** The addresses that one endpoint of a rule matches. */
public sealed interface Address {

  /** Lists the addresses that need no argument. */
  enum Plain implements Address {
    /** Any address. */
    ANY,
    /** Any address of an interface in the stack, of either family. */
    ME,
    /** Any IPv6 address of an interface in the stack. */
    ME6;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * Addresses and networks of one family.
   *
   * @param prefixes at least one, prefix length at least 1; host bits are cleared
   */
  record Prefixes(List<Cidr> prefixes) implements Address {
    /** Checks the list and clears the host bits of each prefix as ipfw(8) does. */
    public Prefixes {
      if (prefixes.isEmpty()) {
        throw new IllegalArgumentException("an empty list of addresses");
      }
      List<Cidr> networks = new ArrayList<>();
      for (Cidr prefix : prefixes) {
        if (prefix.prefixLength() == 0) {
          throw new IllegalArgumentException(
              prefix + ": write \"any\", and ip4 or ip6 as protocol for one family");
        }
        if (prefix.isIpv6() != prefixes.get(0).isIpv6()) {
          throw new IllegalArgumentException(
              "IPv4 and IPv6 in one list; write { " + prefixes.get(0) + " or " + prefix + " }");
        }
        networks.add(prefix.network());
      }
      prefixes = List.copyOf(networks);
    }

    /**
     * Reads a list such as {@code 192.0.2.1,198.51.100.0/24}; a contiguous IPv4 mask behind a colon
     * is read as a prefix length.
     *
     * @param text the list
     * @return the addresses
     * @throws IllegalArgumentException if it is not such a list
     */
    public static Prefixes parse(String text) {
      List<Cidr> prefixes = new ArrayList<>();
      for (String part : text.split(",", -1)) {
        prefixes.add(AddressText.prefix(part));
      }
      return new Prefixes(prefixes);
    }

    boolean contains(InetAddress address) {
      for (Cidr prefix : prefixes) {
        if (prefix.contains(address)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      for (Cidr prefix : prefixes) {
        text.append(text.isEmpty() ? "" : ",").append(AddressText.of(prefix));
      }
      return text.toString();
    }
  }

  /**
   * Some hosts of a small IPv4 network, as in {@code 192.0.2.0/24{1,3,5-9}}.
   *
   * @param network the network, prefix length 24 to 31
   * @param hosts the last octets of the hosts, each within the network
   */
  record Hosts(Cidr network, SortedSet<Integer> hosts) implements Address {
    /** Checks the network and that each host is in it. */
    public Hosts {
      network = network.network();
      hosts = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(hosts));
      if (network.isIpv6() || network.prefixLength() < 24 || network.prefixLength() > 31) {
        throw new IllegalArgumentException(
            "a set of hosts needs an IPv4 network of /24 to /31, not " + network);
      }
      int low = network.address().getAddress()[3] & 0xff;
      int high = low + (1 << (32 - network.prefixLength())) - 1;
      if (hosts.isEmpty() || hosts.first() < low || hosts.last() > high) {
        throw new IllegalArgumentException("hosts " + hosts + " are not in " + low + ".." + high);
      }
    }

    boolean contains(InetAddress address) {
      return network.contains(address) && hosts.contains(address.getAddress()[3] & 0xff);
    }

    @Override
    public String toString() {
      return network + "{" + AddressText.runs(hosts) + "}";
    }
  }

  /**
   * The addresses in a table of the stack.
   *
   * @param name letters, digits, {@code _}, {@code -} and {@code .}, at most 63
   */
  record Table(String name) implements Address {
    /** Checks the name. */
    public Table {
      ObjectName.check(name);
    }

    @Override
    public String toString() {
      return "table(" + name + ")";
    }
  }

  /**
   * Reads one address as ipfw(8) does.
   *
   * @param word {@code any}, {@code me}, {@code me6}, {@code table(name)}, a set of hosts or a list
   *     of prefixes; host names are not resolved
   * @return the address
   * @throws IllegalArgumentException if it is none of these
   */
  static Address parse(String word) {
    switch (word) {
      case "any":
        return Plain.ANY;
      case "me":
        return Plain.ME;
      case "me6":
        return Plain.ME6;
      default:
        break;
    }
    if (word.startsWith("table(") && word.endsWith(")")) {
      return new Table(word.substring(6, word.length() - 1));
    }
    if (word.endsWith("}")) {
      return AddressText.hosts(word);
    }
    return Prefixes.parse(word);
  }

  /**
   * Returns the family of the address.
   *
   * @return 4, 6, or 0 for either
   */
  default int family() {
    if (this instanceof Prefixes list) {
      return list.prefixes().get(0).isIpv6() ? 6 : 4;
    }
    return this instanceof Hosts ? 4 : this == Plain.ME6 ? 6 : 0;
  }
}
