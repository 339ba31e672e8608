// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Parses the options of a rule: all between the destination and the comment. */
final class OptionParser {
  private static final Map<String, Condition.Way> WAYS =
      Map.of("recv", Condition.Way.RECV, "xmit", Condition.Way.XMIT, "via", Condition.Way.VIA);
  private static final Map<String, Condition.NumberField> NUMBERS =
      Map.of(
          "iplen", Condition.NumberField.IPLEN,
          "ipttl", Condition.NumberField.IPTTL,
          "ipid", Condition.NumberField.IPID,
          "ipver", Condition.NumberField.IPVER,
          "ipversion", Condition.NumberField.IPVER,
          "tcpdatalen", Condition.NumberField.TCPDATALEN,
          "tcpwin", Condition.NumberField.TCPWIN);

  private final Tokens words;

  OptionParser(Tokens words) {
    this.words = words;
  }

  Rule options(Rule rule) {
    Rule result = rule;
    while (words.more() && !words.peek().equals("//")) {
      result = option(result);
    }
    return result;
  }

  private Rule option(Rule rule) {
    int start = words.mark();
    boolean not = words.skip("not");
    int at = words.mark();
    String word = words.next("option");
    return switch (word) {
      case "src-port" -> change(start, rule, r -> r.from(r.source().withPorts(ports(not))));
      case "dst-port" -> change(start, rule, r -> r.to(r.destination().withPorts(ports(not))));
      case "keep-state" -> state(at, rule, not, new State.Keep(stateName()));
      case "limit" -> state(at, rule, not, limit());
      case "{", "(" ->
          throw words.failureAt(at, "options in { } are not supported; write two rules");
      default -> {
        Condition condition = condition(at, word);
        yield change(start, rule, r -> r.option(new Option(not, condition)));
      }
    };
  }

  private Condition condition(int at, String word) {
    switch (word) {
      case "in":
        return Condition.Direction.IN;
      case "out":
        return Condition.Direction.OUT;
      case "established", "estab":
        return Condition.Plain.ESTABLISHED;
      case "setup":
        return Condition.Flags.SETUP;
      case "tcpflags", "tcpflgs":
        return flags(Condition.FlagField.TCP_FLAGS);
      case "iptos":
        return flags(Condition.FlagField.TOS);
      case "frag", "fragment":
        return fragment();
      case "icmptypes", "icmptype":
        return words.next("ICMP types", list -> new Condition.IcmpTypes(4, types(list)));
      case "icmp6types", "icmp6type":
        return words.next("ICMPv6 types", list -> new Condition.IcmpTypes(6, types(list)));
      default:
        break;
    }
    Condition.Way way = WAYS.get(word);
    if (way != null) {
      return words.next("interface", name -> new Condition.Interface(way, name));
    }
    Condition.NumberField field = NUMBERS.get(word);
    if (field != null) {
      return words.next("number", list -> new Condition.Number(field, NumberRange.parseList(list)));
    }
    throw words.failureAt(at, "not an option known here");
  }

  private Condition flags(Condition.FlagField field) {
    return words.next("flags", list -> Condition.Flags.parse(field, list));
  }

  /** Parses the flags of "frag", which may be absent: the next word may be another option. */
  private Condition fragment() {
    try {
      Condition flags = Condition.Flags.parse(Condition.FlagField.FRAGMENT, words.peek());
      words.next("flags");
      return flags;
    } catch (IllegalArgumentException e) {
      return Condition.Flags.parse(Condition.FlagField.FRAGMENT, "offset");
    }
  }

  private static TreeSet<Integer> types(String list) {
    TreeSet<Integer> types = new TreeSet<>();
    for (NumberRange range : NumberRange.parseList(list)) {
      if (range.first() != range.last()) {
        throw new IllegalArgumentException("ICMP types are a list, without ranges");
      }
      types.add(range.first());
    }
    return types;
  }

  private Ports ports(boolean not) {
    return words.next("ports", list -> new Ports(not, NumberRange.parseList(list)));
  }

  private String stateName() {
    if (!words.peek().startsWith(":")) {
      return State.DEFAULT;
    }
    return words.next(
        "name",
        word -> {
          ObjectName.checkState(word.substring(1));
          return word.substring(1);
        });
  }

  private State limit() {
    Set<State.Key> keys = EnumSet.noneOf(State.Key.class);
    while (words.more() && !Character.isDigit(words.peek().charAt(0))) {
      keys.addAll(words.next("src-addr, src-port, dst-addr or dst-port", OptionParser::keys));
    }
    int connections =
        words
            .next(
                "number of connections",
                word -> {
                  int number = NumberRange.parseList(word).get(0).first();
                  return new State.Limit(EnumSet.allOf(State.Key.class), number, State.DEFAULT);
                })
            .connections();
    if (keys.isEmpty()) {
      throw words.failureAt(
          words.mark() - 1, "limit: missing src-addr, src-port, dst-addr, dst-port");
    }
    return new State.Limit(keys, connections, stateName());
  }

  private static List<State.Key> keys(String list) {
    List<State.Key> keys = new java.util.ArrayList<>();
    for (String word : list.split(",", -1)) {
      if (word.equals("all")) {
        return List.of(State.Key.values());
      }
      for (State.Key key : State.Key.values()) {
        if (key.toString().equals(word)) {
          keys.add(key);
        }
      }
    }
    if (keys.size() != list.split(",", -1).length) {
      throw new IllegalArgumentException("not one of src-addr, src-port, dst-addr, dst-port, all");
    }
    return keys;
  }

  private Rule state(int at, Rule rule, boolean not, State state) {
    if (not) {
      throw words.failureAt(at - 1, "a state cannot be negated");
    }
    return change(at, rule, r -> r.state(state));
  }

  private Rule change(int at, Rule rule, UnaryOperator<Rule> change) {
    try {
      return change.apply(rule);
    } catch (RuleSyntaxException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw words.failureAt(at, e.getMessage());
    }
  }
}
