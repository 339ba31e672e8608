// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.List;

/** The action of a rule on a matching packet. See "RULE ACTIONS" in ipfw(8). */
public sealed interface Action {

  /** Lists the actions that need no argument. */
  enum Plain implements Action {
    /** Lets the packet pass; the search ends. */
    ALLOW,
    /** Drops the packet without an answer; the search ends. */
    DENY,
    /** Counts the packet; the search continues with the next rule. */
    COUNT;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Lists the answers to a rejected packet. */
  enum Answer {
    /**
     * A TCP reset over IPv4; other protocols get nothing. ipfw answers an IPv6 packet with an
     * ICMPv6 "administratively prohibited".
     */
    RESET,
    /** A TCP reset over IPv6; other protocols and IPv4 packets get nothing. */
    RESET6,
    /** An ICMP "destination unreachable"; an IPv6 packet gets the ICMPv6 code of RFC 7915. */
    UNREACH,
    /** An ICMPv6 "destination unreachable"; IPv4 packets get nothing. */
    UNREACH6
  }

  /**
   * Drops the packet and answers the sender; the search ends.
   *
   * @param answer the message to the sender
   * @param code the ICMP or ICMPv6 code of an unreachable, 0 to 255; 0 for a reset
   */
  record Reject(Answer answer, int code) implements Action {
    static final int HOST = 1;

    private static final List<String> CODES =
        List.of(
            "net",
            "host",
            "protocol",
            "port",
            "needfrag",
            "srcfail",
            "net-unknown",
            "host-unknown",
            "isolated",
            "net-prohib",
            "host-prohib",
            "tosnet",
            "toshost",
            "filter-prohib",
            "host-precedence",
            "precedence-cutoff");
    // Code 2 ("beyond scope of source address") has no word in ipfw(8).
    private static final List<String> CODES6 =
        List.of("no-route", "admin-prohib", "2", "address", "port");

    /** Checks the code against the answer. */
    public Reject {
      if (answer == Answer.RESET || answer == Answer.RESET6) {
        if (code != 0) {
          throw new IllegalArgumentException("a reset carries no code, got " + code);
        }
      } else if (code < 0 || code > 255) {
        throw new IllegalArgumentException("unreach code " + code + " is not in 0..255");
      }
    }

    /**
     * Returns the action for ipfw's name of an unreachable code.
     *
     * @param answer {@link Answer#UNREACH} or {@link Answer#UNREACH6}
     * @param word such as {@code port} or {@code admin-prohib}, or a number from 0 to 255
     * @return the action
     * @throws IllegalArgumentException if there is no such code
     */
    public static Reject unreach(Answer answer, String word) {
      List<String> codes = answer == Answer.UNREACH6 ? CODES6 : CODES;
      int code = codes.indexOf(word);
      if (code < 0 && word.matches("[0-9]{1,3}")) {
        code = Integer.parseInt(word);
      }
      if (code < 0) {
        throw new IllegalArgumentException(
            "no such unreach code \"" + word + "\"; one of " + String.join(", ", codes));
      }
      return new Reject(answer, code);
    }

    /**
     * Returns the ICMPv6 code of an {@link Answer#UNREACH} for an IPv6 packet, as RFC 7915 section
     * 4.2 translates it.
     *
     * @return 0 for no route, 1 for administratively prohibited, 4 for port unreachable
     */
    public int ipv6Code() {
      return switch (code) {
        case 0, 1, 5, 6, 7, 11, 12 -> 0;
        case 3 -> 4;
        default -> 1;
      };
    }

    @Override
    public String toString() {
      return switch (answer) {
        case RESET -> "reset";
        case RESET6 -> "reset6";
        case UNREACH -> code == HOST ? "reject" : "unreach " + word(CODES);
        case UNREACH6 -> "unreach6 " + word(CODES6);
      };
    }

    private String word(List<String> codes) {
      return code < codes.size() ? codes.get(code) : Integer.toString(code);
    }
  }

  /**
   * Continues with the first rule that has at least the given number. First match engines only.
   *
   * @param number the rule number, 1 to 65534, higher than the number of this rule
   */
  record SkipTo(int number) implements Action {
    /** Checks the number. */
    public SkipTo {
      NumberedRule.check(number);
    }

    @Override
    public String toString() {
      return "skipto " + number;
    }
  }

  /**
   * Searches the states for the packet's connection; if found, applies the action of the rule that
   * created the state.
   *
   * @param name the name of the states to search, or {@code any} for all states
   */
  record CheckState(String name) implements Action {
    /** Checks the name. */
    public CheckState {
      if (!name.equals("any")) {
        ObjectName.checkState(name);
      }
    }

    @Override
    public String toString() {
      return "check-state :" + name;
    }
  }
}
