// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Parses a rule in the grammar of ipfw(8): action, log, protocol, from, to, options, comment. */
final class RuleParser {
  private static final Map<String, Rule> ACTIONS =
      Map.ofEntries(
          Map.entry("allow", Rules.allow()),
          Map.entry("accept", Rules.allow()),
          Map.entry("pass", Rules.allow()),
          Map.entry("permit", Rules.allow()),
          Map.entry("deny", Rules.deny()),
          Map.entry("drop", Rules.deny()),
          Map.entry("count", Rules.count()),
          Map.entry("reject", Rules.reject()),
          Map.entry("reset", Rules.reset()),
          Map.entry("reset6", Rules.reset6()));

  /** Actions of ipfw(8) that {@link Action} does not have. */
  private static final Set<String> UNSUPPORTED =
      Set.of(
          "abort",
          "abort6",
          "call",
          "divert",
          "eaction",
          "fwd",
          "forward",
          "nat",
          "nat64clat",
          "nat64lsn",
          "nat64stl",
          "netgraph",
          "ngtee",
          "nptv6",
          "pipe",
          "queue",
          "return",
          "setdscp",
          "setfib",
          "setmark",
          "tcp-setmss",
          "tee");

  private final Tokens words;

  RuleParser(Tokens words) {
    this.words = words;
  }

  static Rule rule(String text) {
    return new RuleParser(new Tokens(text)).rule();
  }

  /** Reads to the end of the words. */
  Rule rule() {
    Rule rule = action();
    if (rule.action() instanceof Action.CheckState) {
      if (words.more() && !words.peek().equals("//")) {
        throw words.failure("check-state takes a name and a comment, nothing else");
      }
      return comment(rule);
    }
    if (words.skip("quick")) {
      rule = rule.quick();
    }
    if (words.skip("log")) {
      rule = words.skip("logamount") ? apply(rule, "amount", this::log) : rule.log();
    }
    rule = protocols(rule);
    keyword("from");
    rule = at(words.mark(), rule, r -> r.from(side()));
    keyword("to");
    rule = at(words.mark(), rule, r -> r.to(side()));
    return comment(new OptionParser(words).options(rule));
  }

  private Rule action() {
    if (words.skip("check-state")) {
      if (words.peek().startsWith(":")) {
        return words.next("name", name -> Rules.checkState(name.substring(1)));
      }
      return Rules.checkState();
    }
    if (words.skip("unreach")) {
      return words.next("unreach code", Rules::unreach);
    }
    if (words.skip("unreach6")) {
      return words.next("unreach6 code", Rules::unreach6);
    }
    if (words.skip("skipto")) {
      return words.next("rule number", word -> Rules.skipTo(NumberedRule.number(word)));
    }
    if (UNSUPPORTED.contains(words.peek())) {
      throw words.failure(
          "an action of ipfw(8) that a rule has no word for; on FreeBSD use addWords()"
              + (words.peek().equals("nat") ? ", or nat() and rdr() of pf" : ""));
    }
    return words.next("action", ACTIONS);
  }

  private Rule log(Rule rule, String amount) {
    if (!NumberRange.isNumber(amount)) {
      throw new IllegalArgumentException("not a number of packets");
    }
    return rule.log(Integer.parseInt(amount));
  }

  private Rule apply(
      Rule rule, String what, java.util.function.BiFunction<Rule, String, Rule> change) {
    return words.next(what, word -> change.apply(rule, word));
  }

  private Rule protocols(Rule rule) {
    if (words.skip("not")) {
      return words.next("protocol", word -> rule.notProto(Protocol.parse(word)));
    }
    int start = words.mark();
    List<Protocol> protocols = new ArrayList<>();
    if (words.skip("{") || words.skip("(")) {
      do {
        protocols.add(words.next("protocol", Protocol::parse));
      } while (words.skip("or"));
      closeBrace();
    } else {
      protocols.add(words.next("protocol", Protocol::parse));
    }
    return at(start, rule, r -> r.proto(protocols.toArray(Protocol[]::new)));
  }

  private Endpoint side() {
    List<Endpoint.Choice> choices = new ArrayList<>();
    int start = words.mark();
    if (words.skip("{") || words.skip("(")) {
      do {
        choices.add(choice());
      } while (words.skip("or"));
      closeBrace();
    } else {
      choices.add(choice());
    }
    Endpoint side = newSide(start, choices);
    boolean not = words.peek().equals("not") && isPorts(words.peek(1));
    if (!not && !isPorts(words.peek())) {
      words.skip("any");
      return side;
    }
    words.skip("not");
    return side.withPorts(words.next("ports", word -> new Ports(not, NumberRange.parseList(word))));
  }

  private Endpoint newSide(int start, List<Endpoint.Choice> choices) {
    try {
      return new Endpoint(choices, null);
    } catch (IllegalArgumentException e) {
      throw words.failureAt(start, e.getMessage());
    }
  }

  private Endpoint.Choice choice() {
    boolean not = words.skip("not");
    return words.next("address", word -> new Endpoint.Choice(not, Address.parse(word)));
  }

  private static boolean isPorts(String word) {
    return !word.isEmpty() && Character.isDigit(word.charAt(0));
  }

  private void closeBrace() {
    if (!words.skip("}") && !words.skip(")")) {
      throw words.failure("missing }");
    }
  }

  private void keyword(String keyword) {
    if (!words.skip(keyword)) {
      throw words.failure("missing \"" + keyword + "\"");
    }
  }

  private Rule comment(Rule rule) {
    int start = words.mark();
    if (!words.skip("//")) {
      return rule;
    }
    List<String> text = new ArrayList<>();
    while (words.more()) {
      text.add(words.next("comment"));
    }
    return text.isEmpty() ? rule : at(start, rule, r -> r.comment(String.join(" ", text)));
  }

  /** Changes the rule; reports an error of the rule at the given position. */
  private Rule at(int mark, Rule rule, UnaryOperator<Rule> change) {
    try {
      return change.apply(rule);
    } catch (RuleSyntaxException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw words.failureAt(mark, e.getMessage());
    }
  }
}
