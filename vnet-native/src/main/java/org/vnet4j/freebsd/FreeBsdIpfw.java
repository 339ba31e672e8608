// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vnet4j.VnetException;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.NumberedRule;
import org.vnet4j.firewall.Rule;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.firewall.RuleSyntaxException;
import org.vnet4j.firewall.Rules;
import org.vnet4j.firewall.Trial;
import org.vnet4j.freebsd.ipfw.IpfwCalls;
import org.vnet4j.freebsd.ipfw.IpfwRangeCodec;
import org.vnet4j.freebsd.ipfw.IpfwRule;
import org.vnet4j.freebsd.ipfw.IpfwRuleCodec;
import org.vnet4j.freebsd.ipfw.IpfwVersion;
import org.vnet4j.freebsd.ipfw.ShapingRules;
import org.vnet4j.posix.Failures;
import org.vnet4j.posix.owner.TrialNote;
import org.vnet4j.spi.IpfwDriver;
import org.vnet4j.spi.TableDriver;
import org.vnet4j.spi.TrialDriver;

/**
 * The ipfw firewall of one stack, configured through a raw socket of that stack. Rules that the
 * neutral model cannot express are added and listed by ipfw(8).
 */
final class FreeBsdIpfw implements IpfwDriver {
  private static final Logger LOG = LoggerFactory.getLogger(FreeBsdIpfw.class);
  private static final int SETS = 32;
  private static final int LAST_SPARE = 30;
  private static final int LAST_NUMBER = NumberedRule.DEFAULT - 1;
  private static final String[] ENABLE = {
    "net.inet.ip.fw.enable", "net.inet6.ip6.fw.enable",
  };

  private final FreeBsdStack stack;
  private final TableDriver tables;
  private volatile @Nullable IpfwVersion version;

  FreeBsdIpfw(FreeBsdStack stack) {
    this.stack = stack;
    this.tables = new FreeBsdIpfwTables(this);
  }

  // ---- access

  <T> T use(Function<Socket, T> work) {
    return stack.raw(
        fd -> {
          IpfwCalls calls = new IpfwCalls(stack.kernel());
          IpfwVersion known = version;
          if (known == null) {
            known = calls.version(fd);
            version = known;
          }
          return work.apply(new Socket(fd, calls, known));
        });
  }

  /** The raw socket of the stack, valid for the requests of one call. */
  record Socket(int fd, IpfwCalls calls, IpfwVersion version) {
    ByteBuffer get(String call, String subject, ByteBuffer request) {
      return calls.get(fd, call, subject, request);
    }

    private IpfwRuleCodec rules() {
      return new IpfwRuleCodec(version);
    }

    private IpfwRangeCodec ranges() {
      return new IpfwRangeCodec(version);
    }

    private int touched(String call, String subject, ByteBuffer request) {
      return ranges().touched(get(call, subject, request));
    }

    private int deleteSet(int set) {
      return touched("IP_FW_XDEL", "set " + set, ranges().deleteSet(set));
    }

    private int move(int from, int to) {
      return touched("IP_FW_SET_MOVE", from + " " + to, ranges().moveSet(from, to));
    }

    private int swap(int one, int other) {
      return touched("IP_FW_SET_SWAP", one + " " + other, ranges().swapSets(one, other));
    }

    private List<IpfwRule> list() {
      return all().stream()
          .filter(rule -> !isOfShaping(rule.number(), rule.set()))
          .filter(rule -> FreeBsdIpfwTrial.noted(rule).isEmpty())
          .toList();
    }

    private List<IpfwRule> all() {
      return rules()
          .listed(
              calls.list(fd, "IP_FW_XGET", "ipfw", room -> rules().list(true, true, 0, 0, room)));
    }

    private int enabled() {
      ByteBuffer answer =
          calls.list(fd, "IP_FW_XGET", "ipfw", room -> rules().list(false, false, 0, 0, room));
      return IpfwRuleCodec.enabledSets(answer);
    }

    private int add(int number, int set, Rule rule) {
      ByteBuffer request = rules().add(number, set, rule);
      return rules().added(get("IP_FW_XADD", rule.toString(), request)).number();
    }
  }

  /**
   * Runs a change of the rules, sets or tables.
   *
   * @throws Trial.InProgressException if rules are on trial: then set 0 is disabled
   */
  private <T> T change(Function<Socket, T> work) {
    return use(
        socket -> {
          if ((socket.enabled() & 1) == 0) {
            for (IpfwRule rule : socket.all()) {
              FreeBsdIpfwTrial.noted(rule)
                  .filter(text -> !TrialNote.isPast(text))
                  .ifPresent(
                      text -> {
                        throw new Trial.InProgressException(FreeBsdIpfwTrial.of(stack), text);
                      });
            }
          }
          return work.apply(socket);
        });
  }

  /** Throws {@link Trial.InProgressException} if rules are on trial. */
  void requireNoTrial() {
    change(socket -> socket);
  }

  /** Notes a trial in a rule of set 31, which counts nothing; returns the number of the rule. */
  int note(Rule note) {
    return use(
        socket -> {
          Set<Integer> used =
              socket.all().stream()
                  .filter(rule -> rule.set() == ShapingRules.SET)
                  .map(IpfwRule::number)
                  .collect(Collectors.toSet());
          int free = LAST_NUMBER;
          while (used.contains(free)) {
            free--;
          }
          return socket.add(free, ShapingRules.SET, note);
        });
  }

  /** Deletes the note of a trial. */
  void deleteNote(int number) {
    use(
        socket ->
            socket.touched(
                "IP_FW_XDEL",
                "rule " + number,
                socket.ranges().deleteInSet(number, number, ShapingRules.SET)));
  }

  /** Returns whether a rule belongs to {@link ShapingRules} and not to the user. */
  private static boolean isOfShaping(int number, int set) {
    return set == ShapingRules.SET && number <= ShapingRules.PASS;
  }

  // ---- rules

  @Override
  public List<ListedRule> list() {
    List<IpfwRule> listed = new ArrayList<>();
    Set<Integer> enabled =
        use(
            socket -> {
              listed.addAll(socket.list());
              return new LinkedHashSet<>(bits(socket.enabled()));
            });
    boolean allNeutral = listed.stream().allMatch(rule -> rule.neutral().isPresent());
    List<String> words = allNeutral ? List.of() : words(listed.size());
    List<ListedRule> rules = new ArrayList<>();
    for (int i = 0; i < listed.size(); i++) {
      IpfwRule rule = listed.get(i);
      Rule neutral = rule.rule();
      ListedRule line =
          neutral != null
              ? ListedRule.of(rule.number(), rule.set(), rule.packets(), rule.bytes(), neutral)
              : new ListedRule(
                  rule.number(),
                  rule.set(),
                  rule.packets(),
                  rule.bytes(),
                  Optional.empty(),
                  words.isEmpty() ? "[" + rule.unsupported() + "]" : words.get(i));
      rules.add(line.enabled(enabled.contains(rule.set())));
    }
    return rules;
  }

  /**
   * Returns the text that ipfw(8) prints for each rule, including disabled rules; empty if the
   * number of rules changed since they were counted.
   */
  private List<String> words(int count) {
    StackProgram.Output output = StackProgram.run(stack, "", "ipfw", "-S", "list");
    List<String> words =
        output
            .out()
            .lines()
            .filter(line -> !line.contains("orphaned dynamic states counter"))
            .filter(line -> !line.contains("// " + FreeBsdIpfwTrial.NOTE))
            .filter(line -> !line.matches("000[0-9]{2} set " + ShapingRules.SET + " .*"))
            .map(line -> line.replaceFirst("^(# DISABLED )?[0-9]+ (set [0-9]+ )?", ""))
            .toList();
    return words.size() == count ? words : List.of();
  }

  @Override
  public int add(int number, int set, Rule rule) {
    return change(socket -> socket.add(number, set, rule));
  }

  @Override
  public void addWords(String words) {
    requireNoTrial();
    List<String> command = new ArrayList<>(List.of("ipfw", "-q", "add"));
    command.addAll(List.of(words.strip().split("\\s+")));
    StackProgram.Output output = StackProgram.run(stack, "", command.toArray(String[]::new));
    if (output.status() != 0) {
      String said = output.err().strip().replaceFirst("^ipfw: ", "");
      throw new RuleSyntaxException(1, 1, words.strip(), "ipfw(8) says: " + said);
    }
  }

  /**
   * Deletes the rules with a number from the enabled sets. A single request deletes a number in one
   * set or in all sets. The deletion is therefore atomic unless several enabled sets have rules of
   * that number and a disabled set has some too. A number up to 99 is deleted set by set, since
   * shaping rules may have it.
   */
  @Override
  public int delete(int number) {
    return change(
        socket -> {
          int enabled = socket.enabled();
          Set<Integer> having =
              socket.list().stream()
                  .filter(rule -> rule.number() == number)
                  .map(IpfwRule::set)
                  .collect(Collectors.toCollection(TreeSet::new));
          List<Integer> doomed = having.stream().filter(bits(enabled)::contains).toList();
          if (doomed.size() > 1 && doomed.size() == having.size() && number > ShapingRules.PASS) {
            ByteBuffer request = socket.ranges().delete(number, number);
            return socket.touched("IP_FW_XDEL", "rule " + number, request);
          }
          return deleteInSets(socket, number, doomed);
        });
  }

  private static int deleteInSets(Socket socket, int number, List<Integer> sets) {
    int deleted = 0;
    for (int i = 0; i < sets.size(); i++) {
      ByteBuffer request = socket.ranges().deleteInSet(number, number, sets.get(i));
      try {
        deleted += socket.touched("IP_FW_XDEL", "rule " + number, request);
      } catch (VnetException e) {
        if (deleted > 0) {
          String gone = "those in the sets " + sets.subList(0, i) + " are deleted already";
          e.addSuppressed(new VnetException("rules " + number + ": " + gone));
        }
        throw e;
      }
    }
    return deleted;
  }

  @Override
  public void deleteSet(int set) {
    change(socket -> socket.deleteSet(set));
  }

  /** Deletes the rules of a set at the end of a trial. */
  void emptySet(int set) {
    use(socket -> socket.deleteSet(set));
  }

  @Override
  public void zero(int number) {
    use(
        socket -> {
          IpfwRangeCodec ranges = socket.ranges();
          ByteBuffer request = number == 0 ? ranges.zeroAll() : ranges.zero(number, number);
          return socket.touched("IP_FW_XZERO", number == 0 ? "all" : "rule " + number, request);
        });
  }

  @Override
  public void flush() {
    change(socket -> socket.touched("IP_FW_XDEL", "all", socket.ranges().flush()));
  }

  /**
   * Creates the new rules in a disabled spare set, swaps that set with set 0 and deletes the old
   * rules. If a step fails, the old rules are restored.
   */
  @Override
  public void load(RuleSet rules) {
    change(
        socket -> {
          List<IpfwRule> there = socket.list();
          int enabled = socket.enabled();
          int spare = spare(there);
          set(socket, 0, 1 << spare);
          boolean swapped = false;
          try {
            fill(socket, spare, rules, there);
            socket.swap(0, spare);
            swapped = true;
            socket.deleteSet(spare);
          } catch (RuntimeException e) {
            Failures failures = new Failures();
            failures.collect(
                () -> {
                  throw e;
                });
            if (swapped) {
              failures.collect(() -> socket.swap(0, spare));
            }
            failures.collect(() -> socket.deleteSet(spare));
            failures.collect(() -> set(socket, enabled & 1 << spare, 0));
            failures.report();
          }
          leaveSpare(socket, enabled & 1 << spare);
          return spare;
        });
  }

  /**
   * Restores the state of the spare set. The new rules are in force by now; a failure to enable an
   * empty set is only logged.
   */
  private static void leaveSpare(Socket socket, int enable) {
    try {
      persistently(() -> set(socket, enable, 0));
    } catch (VnetException e) {
      LOG.warn("set {} of ipfw has no rules, and stays disabled: {}", bits(enable), e.toString());
    }
  }

  /** Runs a step that cannot be undone any more, at most three times. */
  static void persistently(Runnable step) {
    for (int attempt = 1; ; attempt++) {
      try {
        step.run();
        return;
      } catch (VnetException e) {
        if (attempt == 3) {
          throw e;
        }
      }
    }
  }

  @Override
  public TrialDriver loadOnTrial(RuleSet rules, Duration limit) {
    return change(
        socket -> {
          List<IpfwRule> there = socket.list();
          int spare = spare(there);
          boolean enabled = (socket.enabled() & 1 << spare) != 0;
          set(socket, 0, 1 << spare);
          try {
            fill(socket, spare, rules, there);
            FreeBsdIpfwTrial trial = FreeBsdIpfwTrial.begin(this, stack, spare, enabled, limit);
            trial.start();
            return trial;
          } catch (RuntimeException e) {
            Failures failures = new Failures();
            failures.collect(
                () -> {
                  throw e;
                });
            failures.collect(() -> socket.deleteSet(spare));
            failures.collect(() -> set(socket, enabled ? 1 << spare : 0, 0));
            failures.report();
            throw e;
          }
        });
  }

  private static void fill(Socket socket, int spare, RuleSet rules, List<IpfwRule> there) {
    for (NumberedRule rule : rules.rules()) {
      socket.add(rule.number(), spare, rule.rule());
    }
    if (accepts(there) != (rules.defaultAction() == Action.Plain.ALLOW)) {
      socket.add(LAST_NUMBER, spare, Rules.rule(rules.defaultAction()));
    }
  }

  private static int spare(List<IpfwRule> there) {
    Set<Integer> used = there.stream().map(IpfwRule::set).collect(Collectors.toSet());
    for (int set = LAST_SPARE; set > 0; set--) {
      if (!used.contains(set)) {
        return set;
      }
    }
    throw new IllegalStateException("every set of ipfw from 1 to 30 has rules: none is to spare");
  }

  /** Returns whether the default rule, which is the last, accepts packets. */
  private static boolean accepts(List<IpfwRule> there) {
    return there.get(there.size() - 1).neutral().stream()
        .anyMatch(rule -> rule.action() == Action.Plain.ALLOW);
  }

  // ---- sets

  @Override
  public Set<Integer> enabledSets() {
    return new LinkedHashSet<>(bits(use(Socket::enabled)));
  }

  private static List<Integer> bits(int mask) {
    return IntStream.range(0, SETS).filter(i -> (mask & 1 << i) != 0).boxed().toList();
  }

  private static int mask(Set<Integer> sets) {
    return sets.stream().mapToInt(set -> 1 << set).reduce(0, (a, b) -> a | b);
  }

  @Override
  public void sets(Set<Integer> enable, Set<Integer> disable) {
    change(socket -> set(socket, mask(enable), mask(disable)));
  }

  /** Enables and disables sets, given as bit masks. */
  void switchSets(int enable, int disable) {
    use(socket -> set(socket, enable, disable));
  }

  private static int set(Socket socket, int enable, int disable) {
    ByteBuffer request = socket.ranges().enableSets(disable, enable);
    String subject = "enable " + bits(enable) + " disable " + bits(disable);
    return socket.touched("IP_FW_SET_ENABLE", subject, request);
  }

  @Override
  public void swap(int one, int other) {
    change(socket -> socket.swap(one, other));
  }

  @Override
  public void move(int from, int to) {
    change(socket -> socket.move(from, to));
  }

  /** Moves the rules of a set at the end of a trial. */
  void moveSet(int from, int to) {
    use(socket -> socket.move(from, to));
  }

  // ---- the whole firewall

  @Override
  public boolean enabled() {
    return stack.sysctl(ENABLE[0]).orElse(1) != 0;
  }

  /** Switches ipfw on or off. A kernel without IPv6 has no variable for IPv6. */
  @Override
  public void enabled(boolean on) {
    requireNoTrial();
    Map<String, Integer> before = new HashMap<>();
    for (String name : ENABLE) {
      stack.sysctl(name).ifPresent(value -> before.put(name, value));
    }
    List<String> changed = new ArrayList<>();
    try {
      for (String name : before.keySet()) {
        stack.sysctl(name, on ? 1 : 0);
        changed.add(name);
      }
    } catch (RuntimeException e) {
      changed.forEach(
          name -> Failures.undo(e, () -> stack.sysctl(name, before.getOrDefault(name, 1))));
      throw e;
    }
  }

  @Override
  public TableDriver tables() {
    return tables;
  }
}
