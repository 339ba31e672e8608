// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.pf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vnet4j.firewall.FirewallState;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.NumberedRule;
import org.vnet4j.firewall.RuleSyntaxException;
import org.vnet4j.net.IpLiteral;

/** Parses the output of pfctl(8). See pfctl.c, pfctl_parser.c and pf_print_state.c. */
public final class PfListing {
  private static final Pattern RULE = Pattern.compile("@\\d+(?:\\(\\d+\\))? (.*)");
  private static final Pattern LABEL = Pattern.compile(" label \"(\\d{5})\"");
  private static final Pattern COUNTERS =
      Pattern.compile("\\s*\\[ Evaluations: \\d+\\s+Packets: (\\d+)\\s+Bytes: (\\d+).*");
  private static final Pattern ERROR = Pattern.compile("(?m)^(?:stdin|-):(\\d{1,9}): (.*)$");
  private static final Pattern NO_FINGERPRINTS =
      Pattern.compile("pfctl: \\S*/pf\\.os: No such file or directory");
  private static final Pattern STATE =
      Pattern.compile("\\S+ (\\S+) (\\S+)(?: \\(\\S+\\))? (->|<-) (\\S+)(?: \\(\\S+\\))? +(\\S+)");
  private static final Pattern ID = Pattern.compile(" +id: ([0-9a-f]+) creatorid: ([0-9a-f]+)");
  private static final Pattern V6_END = Pattern.compile("(.*)\\[(\\d+)]");
  private static final Pattern V4_END = Pattern.compile("([^:]*):(\\d+)");
  private static final int STEP = 100;

  private PfListing() {}

  /**
   * Parses {@code pfctl -vv -s rules}. A rule that {@link PfConf} wrote has its number as label;
   * other rules are numbered in steps of 100. pf expands a list of ports or ICMP types to several
   * rules; they are merged and their counters are summed. The default rule, which pf needs first,
   * is moved to the end.
   */
  public static List<ListedRule> rules(String text) {
    List<ListedRule> rules = new ArrayList<>();
    ListedRule last = null;
    for (String line : text.lines().toList()) {
      Matcher rule = RULE.matcher(line);
      Matcher counters = COUNTERS.matcher(line);
      if (rule.matches()) {
        ListedRule next = rule(rule.group(1), (rules.size() + 1) * STEP);
        boolean more = last != null && next.number() == last.number() && LABEL.matcher(line).find();
        last = more ? added(rules.remove(rules.size() - 1), 0, 0, "; " + next.words()) : next;
        rules.add(last);
      } else if (counters.matches() && last != null) {
        last = added(last, count(counters.group(1)), count(counters.group(2)), "");
        rules.set(rules.size() - 1, last);
      }
    }
    if (!rules.isEmpty() && rules.get(0).number() == NumberedRule.DEFAULT) {
      rules.add(rules.remove(0));
    }
    return rules;
  }

  private static ListedRule added(ListedRule to, long packets, long bytes, String words) {
    return new ListedRule(
        to.number(),
        0,
        sum(to.packets(), packets),
        sum(to.bytes(), bytes),
        Optional.empty(),
        to.words() + words);
  }

  private static ListedRule rule(String words, int count) {
    Matcher label = LABEL.matcher(words);
    boolean ours = label.find();
    int number = ours ? Integer.parseInt(label.group(1)) : Math.min(count, NumberedRule.DEFAULT);
    String rest = ours ? words.substring(0, label.start()) + words.substring(label.end()) : words;
    return new ListedRule(number, 0, 0, 0, Optional.empty(), rest.strip());
  }

  /** Splits a list into its non-empty lines. */
  public static List<String> lines(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  /** Parses {@code pfctl -s states}. Skips lines that it cannot parse. */
  public static List<FirewallState> states(String text) {
    return known(text).stream().map(Known::state).toList();
  }

  /**
   * A state and its id.
   *
   * @param id the argument of {@code pfctl -k id}; empty in a listing without {@code -vv}
   */
  public record Known(FirewallState state, String id) {}

  /** Parses {@code pfctl -vv -s states}. Skips lines that it cannot parse. */
  public static List<Known> known(String text) {
    List<Known> states = new ArrayList<>();
    boolean last = false;
    for (String line : text.lines().toList()) {
      Matcher id = ID.matcher(line);
      if (id.lookingAt() && last) {
        FirewallState of = states.remove(states.size() - 1).state();
        states.add(new Known(of, id.group(1) + "/" + id.group(2)));
      }
      last &= line.startsWith("   ");
      Matcher state = STATE.matcher(line.strip());
      if (state.matches()) {
        Optional<FirewallState> read = state(state);
        read.ifPresent(one -> states.add(new Known(one, "")));
        last = read.isPresent();
      }
    }
    return states;
  }

  private static Optional<FirewallState> state(Matcher state) {
    boolean out = state.group(3).equals("->");
    try {
      End one = End.of(state.group(2));
      End other = End.of(state.group(4));
      End from = out ? one : other;
      End to = out ? other : one;
      return Optional.of(
          new FirewallState(
              protocol(state.group(1)),
              IpLiteral.parse(from.address),
              from.port,
              IpLiteral.parse(to.address),
              to.port,
              state.group(5)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Parses a port number.
   *
   * @throws IllegalArgumentException if it is not in 0..65535
   */
  static int port(String text) {
    int port = Integer.parseInt(text);
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port " + text);
    }
    return port;
  }

  /** Parses a counter of 64 bits. A value above {@link Long#MAX_VALUE} becomes that maximum. */
  static long count(String digits) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  /** Adds two counters. A sum above {@link Long#MAX_VALUE} becomes that maximum. */
  static long sum(long one, long other) {
    return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
  }

  private record End(String address, int port) {
    static End of(String text) {
      Matcher six = V6_END.matcher(text);
      Matcher four = V4_END.matcher(text);
      if (six.matches()) {
        return new End(six.group(1), PfListing.port(six.group(2)));
      }
      return four.matches()
          ? new End(four.group(1), PfListing.port(four.group(2)))
          : new End(text, 0);
    }
  }

  /**
   * Returns the number of a protocol by its name in protocols(5). States show other protocols as
   * numbers.
   */
  static int protocol(String name) {
    return switch (name) {
      case "icmp" -> 1;
      case "tcp" -> 6;
      case "udp" -> 17;
      case "gre" -> 47;
      case "esp" -> 50;
      case "ah" -> 51;
      case "ipv6-icmp" -> 58;
      case "sctp" -> 132;
      default -> name.matches("\\d{1,3}") ? Integer.parseInt(name) & 0xff : 255;
    };
  }

  /** Returns whether pfctl(8) reports nothing but a missing fingerprint file. */
  public static boolean isWithoutFingerprints(String said) {
    return NO_FINGERPRINTS.matcher(said.strip()).matches();
  }

  /** Returns whether pfctl(8) reports an error in a line of the text. */
  public static boolean namesLine(String said) {
    return ERROR.matcher(said).find();
  }

  /**
   * Converts an error message of pfctl(8): the first message that names a line, otherwise all of
   * it.
   */
  public static RuleSyntaxException error(String text, String said) {
    Matcher error = ERROR.matcher(said);
    int line = error.find() ? Integer.parseInt(error.group(1)) : 1;
    String reason = line(error, said);
    List<String> lines = text.lines().toList();
    String offending = line >= 1 && line <= lines.size() ? lines.get(line - 1).strip() : "";
    return new RuleSyntaxException(Math.max(1, line), 1, offending, "pfctl(8) says: " + reason);
  }

  private static String line(Matcher error, String said) {
    error.reset();
    return error.find() ? error.group(2) : said.strip().replaceFirst("^pfctl: ", "");
  }
}
