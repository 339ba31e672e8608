// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import static org.vnet4j.linux.nftables.Nft.*;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.Log;
import org.vnet4j.firewall.State;

/**
 * Lays out the rules of a firewall in chains of nf_tables.
 *
 * <p>The list is divided into segments of some 32 rules, each a chain; a rule's id decides whether
 * a segment ends before it. So adding or deleting a rule changes one segment and leaves the others
 * unchanged. {@code skipto} jumps to a chain that continues with the rest of the segments. Where a
 * packet first reaches a rule that uses states, a chain searches for a state; since that depends on
 * the path of the packet, a chain is laid out once for each name that may have been searched for
 * before.
 */
public final class NftLayout {
  public static final String RULES = "rules";

  /** The prefix of chains that check packets as they leave, after translation. */
  public static final String LEAVING = "o.";

  private static final String ANY = "any";

  /** The state of a connection that is translated; pf does not look at its name. */
  private static final State TRANSLATED = new State.Keep(State.DEFAULT);

  private final String engine;
  private final List<StoredRule> entries;
  private final StoredRule last;
  private final NftProgram program;
  private final List<NftSet.Element> actions = new ArrayList<>();
  private final Set<Integer> laidOut = new HashSet<>();

  /** Whether rules search for states, even where no rule creates any. */
  private boolean looks;

  /** The prefix of the names of chains. */
  private final String prefix;

  /** Whether a packet can be answered at this hook; not when it is about to leave. */
  private final boolean answers;

  /** The name of all states, if rules do not search for them by name. */
  private final @Nullable String onlyName;

  private NftLayout(
      NftProgram program,
      String engine,
      List<StoredRule> entries,
      StoredRule last,
      @Nullable String onlyName,
      boolean answers) {
    this.program = program;
    this.answers = answers;
    this.prefix = answers ? "" : LEAVING;
    this.engine = engine;
    this.entries = entries;
    this.last = last;
    this.onlyName = onlyName;
    program.add(
        NftSet.values(CompiledRule.WITH_PORTS, NftSet.INTEGER, CompiledRule.PROTOCOLS_WITH_PORTS));
  }

  /** Lays out rules of ipfw, in the order of their numbers. */
  public static NftProgram firstMatch(List<StoredRule> entries, StoredRule last) {
    NftProgram program = new NftProgram();
    NftLayout layout = new NftLayout(program, "ipfw", entries, last, null, true);
    layout.from(0, null);
    layout.finish();
    return program;
  }

  /**
   * Lays out rules of pf or ipfilter, where the last matching rule decides, or the first matching
   * quick rule. Quick rules are laid out first, in their order, since the first of them decides;
   * then the others from the last to the first. A rule that only counts keeps its place among the
   * quick rules, as a quick rule before it hides packets from it.
   */
  public static void lastMatch(
      NftProgram program,
      String engine,
      List<StoredRule> entries,
      StoredRule last,
      boolean answers) {
    program.tellQueries();
    List<StoredRule> order = new ArrayList<>();
    for (StoredRule entry : entries) {
      if (entry.rule().isQuick() || entry.action() == Action.Plain.COUNT) {
        order.add(entry);
      }
    }
    for (int i = entries.size() - 1; i >= 0; i--) {
      StoredRule entry = entries.get(i);
      boolean decides =
          entry.action() != Action.Plain.COUNT && !(entry.action() instanceof Action.CheckState);
      if (decides && !entry.rule().isQuick()) {
        order.add(entry);
      }
    }
    NftLayout layout = new NftLayout(program, engine, order, last, engine, answers);
    NftChain rules = new NftChain(layout.prefix + RULES);
    program.add(rules);
    boolean states = entries.stream().anyMatch(entry -> entry.rule().state().isPresent());
    if (states || program.translates()) {
      rules.add(new NftExpressions().jump(layout.look(engine)));
    }
    rules.add(new NftExpressions().goTo(layout.from(0, ANY)));
    layout.finish();
  }

  private void finish() {
    if (!actions.isEmpty() || looks) {
      NftStates.declare(program, prefix, actions);
    }
  }

  private static String suffix(@Nullable String lookedFor) {
    return lookedFor == null ? "" : "." + lookedFor;
  }

  /**
   * Adds the chain that contains all rules from a position on; a packet does not return from it.
   */
  private String from(int position, @Nullable String lookedFor) {
    String begin = position < entries.size() ? "f" + entries.get(position).id() : "end";
    boolean all = position == 0 && lookedFor == null;
    String name = prefix + (all ? RULES : begin + suffix(lookedFor));
    if (!program.hasChain(name)) {
      NftChain chain = new NftChain(name);
      program.add(chain);
      String known = lookedFor;
      for (int i = position; i < entries.size(); ) {
        Segment segment = segment(i, known);
        chain.add(new NftExpressions().jump(segment.name()));
        i = segment.end();
        known = segment.lookedFor();
      }
      rememberTranslated(chain, new NftExpressions(), last, entries.size());
      chain.add(decided(new NftExpressions().count(last.counter()), last.action()), comment(last));
    }
    return name;
  }

  /** A segment: its chain, where it ends, and the name searched for by then. */
  private record Segment(String name, int end, @Nullable String lookedFor) {}

  private Segment segment(int start, @Nullable String lookedFor) {
    NftChain chain = new NftChain(prefix + "s" + entries.get(start).id() + suffix(lookedFor));
    boolean fresh = !program.hasChain(chain.name());
    if (fresh) {
      program.add(chain);
    }
    String known = lookedFor;
    int i = start;
    do {
      String name = sought(entries.get(i));
      boolean look = name != null && (known == null || !known.equals(ANY) && !known.equals(name));
      known = look ? name : known;
      if (fresh) {
        if (look) {
          chain.add(new NftExpressions().jump(look(name)));
        }
        rule(chain, i, known);
      }
      i++;
    } while (i < entries.size() && entries.get(i).id() * 0x9E3779B1 >>> 27 != 0);
    return new Segment(chain.name(), i, known);
  }

  /** Returns the name of the states that a rule searches for before anything else, or null. */
  private @Nullable String sought(StoredRule entry) {
    if (onlyName != null) {
      return null;
    }
    return entry.action() instanceof Action.CheckState check
        ? check.name()
        : entry.rule().state().map(State::name).orElse(null);
  }

  private String look(@Nullable String name) {
    looks = true;
    if (!ANY.equals(name)) {
      return NftStates.look(program, prefix, String.valueOf(name));
    }
    NftChain any = new NftChain(prefix + "look.any");
    if (!program.hasChain(any.name())) {
      program.add(any);
      Set<String> names = new TreeSet<>();
      entries.forEach(entry -> entry.rule().state().ifPresent(state -> names.add(state.name())));
      names.forEach(
          one -> any.add(new NftExpressions().jump(NftStates.look(program, prefix, one))));
    }
    return any.name();
  }

  private void rule(NftChain chain, int position, @Nullable String known) {
    StoredRule entry = entries.get(position);
    if (entry.action() instanceof Action.CheckState) {
      return;
    }
    CompiledRule code = entry.code();
    code.sets().forEach(program::add);
    if (code.misses().isEmpty()) {
      rememberTranslated(chain, code.matches().copy(), entry, position);
    }
    if (code.misses().isEmpty() && isPlain(entry)) {
      chain.lines().add(entry.line(() -> plainLine(entry)));
      return;
    }
    if (code.misses().isEmpty()) {
      chain.add(action(code.matches().copy(), position, known), comment(entry));
      return;
    }
    NftChain own = new NftChain(prefix + "r" + entry.id() + suffix(known));
    if (!program.hasChain(own.name())) {
      program.add(own);
      code.misses().forEach(miss -> own.add(miss.copy().leave()));
      rememberTranslated(own, new NftExpressions(), entry, position);
      own.add(action(new NftExpressions(), position, known), comment(entry));
    }
    chain.add(code.matches().copy().jump(own.name()), comment(entry));
  }

  /**
   * Lets a rule of pf keep a state of a translated connection, though it says nothing of a state:
   * pf does so, since it finds the translation of a packet by its state.
   */
  private void rememberTranslated(
      NftChain chain, NftExpressions matches, StoredRule entry, int position) {
    if (program.translates()
        && entry.action() == Action.Plain.ALLOW
        && entry.rule().state().isEmpty()) {
      chain.add(matches.translated().goTo(remembering(entry, position, TRANSLATED)));
    }
  }

  /** Returns whether a rule becomes one line that depends on nothing but the rule. */
  private static boolean isPlain(StoredRule entry) {
    return entry.action() instanceof Action.Plain
        && entry.rule().state().isEmpty()
        && entry.rule().logging().isEmpty();
  }

  private static NftRule plainLine(StoredRule entry) {
    NftExpressions code = entry.code().matches().copy().count(entry.counter());
    return new NftRule(decided(code, entry.action()).encoded(), comment(entry));
  }

  /** Encodes the action for a packet that matches. */
  private NftExpressions action(NftExpressions code, int position, @Nullable String known) {
    StoredRule entry = entries.get(position);
    boolean counts = onlyName != null && entry.action() == Action.Plain.COUNT;
    State state = counts ? null : entry.rule().state().orElse(null);
    if (state != null) {
      return code.goTo(remembering(entry, position, state));
    }
    if (entry.action() instanceof Action.SkipTo to) {
      return log(code, entry).count(entry.counter()).goTo(from(indexOf(to.number()), known));
    }
    if (entry.action() instanceof Action.Reject || logsSome(entry)) {
      String chain = actionChain(entry, position, null);
      return entry.action() == Action.Plain.COUNT ? code.jump(chain) : code.goTo(chain);
    }
    return decided(log(code, entry).count(entry.counter()), entry.action());
  }

  /**
   * Adds the chains of a rule that creates states; packets of a state jump directly to the second.
   */
  private String remembering(StoredRule entry, int position, State state) {
    String name = onlyName == null ? state.name() : onlyName;
    String then = actionChain(entry, position, name);
    NftChain chain = new NftChain(prefix + "i" + entry.id());
    if (laidOut.add(entry.id())) {
      NftStates.install(program, prefix, chain, entry, state, name, then);
      actions.add(new NftSet.Element(CompiledRule.number(entry.id()), false, then, null, null));
    }
    return chain.name();
  }

  /**
   * Adds the chain that performs the action of a rule, and continues with the next rule where the
   * action does.
   */
  private String actionChain(StoredRule entry, int position, @Nullable String stateName) {
    NftChain chain = new NftChain(prefix + "a" + entry.id());
    if (program.hasChain(chain.name())) {
      return chain.name();
    }
    program.add(chain);
    if (logsSome(entry)) {
      int amount = entry.rule().logging().map(Log::amount).orElse(0);
      chain.add(new NftExpressions().atMost(amount).log(prefix(entry)));
    } else if (entry.rule().logging().isPresent()) {
      chain.add(new NftExpressions().log(prefix(entry)));
    }
    if (answers && entry.action() instanceof Action.Reject reject) {
      refusals(chain, entry, reject);
    }
    NftExpressions code = new NftExpressions().count(entry.counter());
    if (entry.action() instanceof Action.SkipTo to) {
      code.goTo(from(indexOf(to.number()), stateName));
    } else if (entry.action() == Action.Plain.COUNT && stateName != null) {
      code.goTo(from(position + 1, stateName));
    } else {
      decided(code, entry.action());
    }
    chain.add(code, comment(entry));
    return chain.name();
  }

  private void refusals(NftChain chain, StoredRule entry, Action.Reject reject) {
    switch (reject.answer()) {
      case RESET -> {
        chain.add(refusal(entry, 4, true, NFT_REJECT_TCP_RST, 0));
        chain.add(refusal(entry, 6, false, NFT_REJECT_ICMP_UNREACH, 1));
      }
      case RESET6 -> chain.add(refusal(entry, 6, true, NFT_REJECT_TCP_RST, 0));
      case UNREACH -> {
        chain.add(refusal(entry, 4, false, NFT_REJECT_ICMP_UNREACH, reject.code()));
        chain.add(refusal(entry, 6, false, NFT_REJECT_ICMP_UNREACH, reject.ipv6Code()));
      }
      case UNREACH6 -> chain.add(refusal(entry, 6, false, NFT_REJECT_ICMP_UNREACH, reject.code()));
    }
    program.answer();
  }

  private static NftExpressions refusal(
      StoredRule entry, int family, boolean tcp, int type, int code) {
    NftExpressions line = new NftExpressions().family(family);
    line = tcp ? line.protocol(true, 6) : line;
    return line.count(entry.counter()).mark(NftProgram.ANSWER).reject(type, code);
  }

  private static NftExpressions decided(NftExpressions code, Action action) {
    return action == Action.Plain.ALLOW
        ? code.accept()
        : action == Action.Plain.COUNT ? code : code.drop();
  }

  private static boolean logsSome(StoredRule entry) {
    return entry.rule().logging().filter(log -> log.amount() > 0).isPresent();
  }

  private NftExpressions log(NftExpressions code, StoredRule entry) {
    return entry.rule().logging().isPresent() ? code.log(prefix(entry)) : code;
  }

  private String prefix(StoredRule entry) {
    String action = entry.action().toString().toLowerCase(Locale.ROOT);
    return engine + ": " + entry.number() + " " + action + " ";
  }

  private static String comment(StoredRule entry) {
    return entry.comment();
  }

  private int indexOf(int number) {
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).number() >= number) {
        return i;
      }
    }
    return entries.size();
  }
}
