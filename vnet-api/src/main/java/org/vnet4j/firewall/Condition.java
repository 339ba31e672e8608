// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/** A condition of a rule on a packet, besides protocol, source and destination. */
public sealed interface Condition {

  /** Lists the two directions, as seen from the stack that has the rule. */
  enum Direction implements Condition {
    /** The packet was received. */
    IN,
    /** The packet is about to be sent. */
    OUT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Lists the conditions that need no argument. */
  enum Plain implements Condition {
    /** A TCP packet that is not the first of a connection: any but SYN alone. */
    ESTABLISHED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Lists the relations of a packet to an interface. */
  enum Way {
    /** The interface it was received on; also known when a forwarded packet is sent. */
    RECV,
    /** The interface it is sent on; never matches an incoming packet. */
    XMIT,
    /** The interface it is crossing now. */
    VIA
  }

  /**
   * Matches the interface. It need not exist yet.
   *
   * @param way the relation of the packet to the interface
   * @param name a name of at most 15 characters, or a pattern with {@code *}, {@code ?} or {@code
   *     []} as fnmatch(3) has them, such as {@code epair*}
   */
  record Interface(Way way, String name) implements Condition {
    /** Checks the name. */
    public Interface {
      if (!name.matches("[\\x21-\\x7e]{1,15}")) {
        throw new IllegalArgumentException("interface \"" + name + "\": 1 to 15 characters");
      }
      if (name.equals("any") || name.startsWith("table(") || Character.isDigit(name.charAt(0))) {
        throw new IllegalArgumentException(
            "\"" + name + "\": only interface names and patterns are supported here");
      }
    }

    /**
     * Returns whether the name is a pattern.
     *
     * @return true if it has one of {@code * ? [}
     */
    public boolean isPattern() {
      return name.indexOf('*') >= 0 || name.indexOf('?') >= 0 || name.indexOf('[') >= 0;
    }

    @Override
    public String toString() {
      return way.name().toLowerCase(Locale.ROOT) + " " + name;
    }
  }

  /** Lists the fields that hold flags. */
  enum FlagField {
    /** The flags of a TCP packet. */
    TCP_FLAGS("tcpflags", "syn 2 fin 1 ack 16 psh 8 rst 4 urg 32"),
    /** The fragment flags of an IPv4 packet, and whether it is a later fragment. */
    FRAGMENT("frag", "rf 128 df 64 mf 32 offset 1"),
    /** The type of service of an IPv4 packet. */
    TOS("iptos", "lowdelay 16 throughput 8 reliability 4 mincost 2");

    private final String word;
    private final List<String> flags;

    FlagField(String word, String flags) {
      this.word = word;
      this.flags = List.of(flags.split(" "));
    }

    int all() {
      int all = 0;
      for (int i = 1; i < flags.size(); i += 2) {
        all |= Integer.parseInt(flags.get(i));
      }
      return all;
    }

    int bit(String flag) {
      int i = flags.indexOf(flag);
      if (i < 0 || i % 2 != 0) {
        throw new IllegalArgumentException("no such flag \"" + flag + "\" in " + word);
      }
      return Integer.parseInt(flags.get(i + 1));
    }

    String text(int set, int clear) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < flags.size(); i += 2) {
        int bit = Integer.parseInt(flags.get(i + 1));
        if ((set & bit) != 0) {
          text.append(text.isEmpty() ? "" : ",").append(flags.get(i));
        }
        if ((clear & bit) != 0) {
          text.append(text.isEmpty() ? "" : ",").append('!').append(flags.get(i));
        }
      }
      return text.toString();
    }

    /**
     * Returns ipfw's name of the field.
     *
     * @return for example {@code tcpflags}
     */
    @Override
    public String toString() {
      return word;
    }
  }

  /**
   * Matches flags that must be set and flags that must not.
   *
   * @param field the field that holds the flags
   * @param set bits that must be set
   * @param clear bits that must be clear; none of them in {@code set}
   */
  record Flags(FlagField field, int set, int clear) implements Condition {
    static final Flags SETUP = new Flags(FlagField.TCP_FLAGS, 2, 16);

    /** Checks that the bits exist in the field and do not contradict each other. */
    public Flags {
      if ((set & clear) != 0) {
        throw new IllegalArgumentException(
            field + ": " + field.text(set & clear, 0) + " both set and clear");
      }
      if (((set | clear) & ~field.all()) != 0 || (set | clear) == 0) {
        throw new IllegalArgumentException(
            field + ": no such bits: set " + set + ", clear " + clear);
      }
    }

    /**
     * Reads a list such as {@code syn,!ack}.
     *
     * @param field the field that holds the flags
     * @param text the flags; a flag after {@code !} must be clear
     * @return the condition
     * @throws IllegalArgumentException if the field has no such flag
     */
    public static Flags parse(FlagField field, String text) {
      int set = 0;
      int clear = 0;
      for (String flag : text.split(",", -1)) {
        if (flag.startsWith("!")) {
          clear |= field.bit(flag.substring(1));
        } else {
          set |= field.bit(flag);
        }
      }
      return new Flags(field, set, clear);
    }

    boolean matches(int bits) {
      return (bits & set) == set && (bits & clear) == 0;
    }

    @Override
    public String toString() {
      return equals(SETUP) ? "setup" : field + " " + field.text(set, clear);
    }
  }

  /**
   * Matches the type of an ICMP packet.
   *
   * @param version 4 for ICMP, 6 for ICMPv6
   * @param types the types: 0 to 31 for ICMP, 0 to 201 for ICMPv6; at least one
   */
  record IcmpTypes(int version, SortedSet<Integer> types) implements Condition {
    /** Checks the types. */
    public IcmpTypes {
      types = Collections.unmodifiableSortedSet(new TreeSet<>(types));
      int max = version == 6 ? 201 : 31;
      if (types.isEmpty() || types.first() < 0 || types.last() > max) {
        throw new IllegalArgumentException("ICMP types " + types + " are not in 0.." + max);
      }
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      for (int type : types) {
        text.append(text.isEmpty() ? "" : ",").append(type);
      }
      return (version == 6 ? "icmp6types " : "icmptypes ") + text;
    }
  }

  /** Lists the fields that hold a number. */
  enum NumberField {
    /** The length of the whole IP packet in bytes. */
    IPLEN,
    /** The time to live of an IPv4 packet. */
    IPTTL,
    /** The identification of an IPv4 packet. */
    IPID,
    /** The IP version; one number only. */
    IPVER,
    /** The data bytes in a TCP packet. */
    TCPDATALEN,
    /** The window field of a TCP packet, unscaled. */
    TCPWIN;

    /**
     * Returns ipfw's name of the field.
     *
     * @return for example {@code iplen}
     */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Matches a number in the packet.
   *
   * @param field the field
   * @param ranges the values it may have, at least one range
   */
  record Number(NumberField field, List<NumberRange> ranges) implements Condition {
    /** Checks the ranges. */
    public Number {
      ranges = List.copyOf(ranges);
      if (ranges.isEmpty()) {
        throw new IllegalArgumentException(field + ": no values");
      }
      NumberRange first = ranges.get(0);
      if (field == NumberField.IPVER
          && (ranges.size() > 1
              || first.first() != first.last()
              || first.first() != 4 && first.first() != 6)) {
        throw new IllegalArgumentException("ipver: 4 or 6, not " + NumberRange.text(ranges));
      }
    }

    @Override
    public String toString() {
      return field + " " + NumberRange.text(ranges);
    }
  }
}
