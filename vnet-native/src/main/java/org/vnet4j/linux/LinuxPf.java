// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.vnet4j.linux.nftables.Nft.*;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.vnet4j.firewall.FirewallState;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.NumberedRule;
import org.vnet4j.firewall.PfRules;
import org.vnet4j.firewall.Rule;
import org.vnet4j.firewall.Rules;
import org.vnet4j.linux.nftables.FirewallModel;
import org.vnet4j.linux.nftables.FirewallStore;
import org.vnet4j.linux.nftables.NftAddresses;
import org.vnet4j.linux.nftables.NftLayout;
import org.vnet4j.linux.nftables.NftProgram;
import org.vnet4j.linux.nftables.NftStates;
import org.vnet4j.linux.nftables.NftTranslations;
import org.vnet4j.linux.nftables.StoredRule;
import org.vnet4j.net.Cidr;
import org.vnet4j.posix.pf.PfConf;
import org.vnet4j.spi.PfDriver;
import org.vnet4j.spi.TableDriver;
import org.vnet4j.spi.TrialDriver;

/**
 * The pf driver: compiles its rules to nf_tables. The rules of anchors follow the main rules, in
 * the order in which the main rules name the anchors. With address translation the rules see
 * translated packets: outgoing packets are checked as they leave, where no reply can be sent any
 * more. A rule that FreeBSD's pf cannot express is refused here too.
 */
final class LinuxPf implements PfDriver {
  static final String TABLE = "vnet4j_pf";

  /** After the translation of incoming packets, and after that of outgoing packets. */
  private static final int IN = -90;

  private static final int OUT = 110;

  private static final String MAIN = "-";
  private static final String ANCHORS = "anchors";
  private static final String TRANSLATIONS = "nat.";

  private final LinuxStack stack;
  private final FirewallStore store;
  private final NftAddresses tables;

  LinuxPf(LinuxStack stack) {
    this.stack = stack;
    this.store =
        new FirewallStore(stack, TABLE, "Vnet for Java: pf", LinuxPf::compile, this::fresh);
    this.tables = new NftAddresses(store);
  }

  private FirewallModel fresh() {
    LinuxFirewalls.requireLoaded(stack, "pf", TABLE);
    return initial();
  }

  private static FirewallModel initial() {
    return FirewallModel.fresh(false, Rules.allow().ip());
  }

  /** Creates the table if it does not exist. */
  void load() {
    store.create(initial());
  }

  // ---- compilation

  private static NftProgram compile(FirewallModel model) {
    List<String> groups = new ArrayList<>(List.of(MAIN));
    for (String anchor : words(model.notes().getOrDefault(ANCHORS, ""))) {
      groups.add(anchor);
    }
    List<StoredRule> order = new ArrayList<>();
    List<String> translations = new ArrayList<>();
    for (String group : groups) {
      model.entries().stream().filter(entry -> entry.group().equals(group)).forEach(order::add);
      translations.addAll(translations(model, group));
    }
    NftProgram program = new NftProgram();
    if (translations.isEmpty()) {
      NftLayout.lastMatch(program, "pf", order, model.last(), true);
      program.hookAll(IN);
    } else {
      program.translate();
      NftLayout.lastMatch(program, "pf", order, model.last(), true);
      NftLayout.lastMatch(program, "pf", order, model.last(), false);
      program.hook("in", NF_INET_PRE_ROUTING, IN, NftLayout.RULES);
      program.hook("leaving", NF_INET_POST_ROUTING, OUT, NftLayout.LEAVING + NftLayout.RULES);
      NftTranslations.add(program, translations);
    }
    model.tables().forEach((name, all) -> NftAddresses.declare(program, name, all));
    return program;
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }

  private static List<String> translations(FirewallModel model, String group) {
    String lines = model.notes().getOrDefault(TRANSLATIONS + group, "");
    return lines.isEmpty() ? List.of() : List.of(lines.split("\n"));
  }

  private static String group(String anchor) {
    return anchor.isEmpty() ? MAIN : anchor;
  }

  // ---- rules

  @Override
  public void load(String anchor, PfRules rules) {
    if (!anchor.isEmpty() && !rules.anchors().isEmpty()) {
      throw stack.kernel().unsupported("Linux has no anchors in anchors: " + rules.anchors());
    }
    PfConf.of(rules, !anchor.isEmpty()); // refuses what pf cannot express
    store.change("load", model -> loaded(model, anchor, rules));
  }

  @Override
  public TrialDriver loadOnTrial(PfRules rules, Duration limit) {
    PfConf.of(rules, false);
    return store.changeOnTrial("load", model -> loaded(model, "", rules), limit);
  }

  private static FirewallModel loaded(FirewallModel model, String anchor, PfRules rules) {
    String group = group(anchor);
    String translations =
        rules.translations().stream().map(Object::toString).collect(Collectors.joining("\n"));
    FirewallModel loaded =
        model
            .map(entry -> entry.group().equals(group) ? null : entry)
            .note(TRANSLATIONS + group, translations);
    if (anchor.isEmpty()) {
      Rule last = Rule.parse(rules.filter().defaultAction() + " ip from any to any");
      loaded = loaded.last(last).note(ANCHORS, String.join(" ", rules.anchors()));
    }
    int number = 0;
    for (NumberedRule rule : rules.filter().rules()) {
      loaded = loaded.add(number += 100, group, rule.rule());
    }
    return loaded;
  }

  @Override
  public void loadText(String anchor, String text) {
    throw stack
        .kernel()
        .unsupported("Linux has no pfctl(8) to read pf.conf(5); load(PfRules) takes rules");
  }

  @Override
  public List<ListedRule> list(String anchor) {
    return store.counted(
        (model, counts) -> {
          List<ListedRule> all = new ArrayList<>();
          for (StoredRule entry : model.entries()) {
            if (entry.group().equals(group(anchor))) {
              all.add(entry.listed(entry.number(), 0, counts));
            }
          }
          if (anchor.isEmpty()) {
            all.add(model.last().listed(NumberedRule.DEFAULT, 0, counts));
          }
          return all;
        });
  }

  @Override
  public List<String> translations(String anchor) {
    return translations(store.model(), group(anchor));
  }

  @Override
  public List<String> anchors() {
    FirewallModel model = store.model();
    TreeSet<String> names = new TreeSet<>();
    model.entries().forEach(entry -> names.add(entry.group()));
    for (String note : model.notes().keySet()) {
      if (note.startsWith(TRANSLATIONS)) {
        names.add(note.substring(TRANSLATIONS.length()));
      }
    }
    names.remove(MAIN);
    return List.copyOf(names);
  }

  @Override
  public void flush(String anchor) {
    String group = group(anchor);
    store.requireNoTrial();
    if (anchor.isEmpty()) {
      store.forget(state -> true); // those of the anchors' rules too
    }
    store.change(
        "flush",
        model -> {
          FirewallModel empty =
              model
                  .map(entry -> entry.group().equals(group) ? null : entry)
                  .note(TRANSLATIONS + group, "");
          Map<String, List<Cidr>> none = new TreeMap<>();
          return anchor.isEmpty()
              ? empty.note(ANCHORS, "").last(Rules.allow().ip()).tables(none)
              : empty;
        });
  }

  @Override
  public void zero() {
    store.zero(null);
  }

  // ---- states

  @Override
  public List<FirewallState> states() {
    return store.states().stream().map(NftStates::decode).toList();
  }

  @Override
  public int killStates(Cidr source, Cidr destination) {
    return store.forget(
        element -> {
          FirewallState state = NftStates.decode(element);
          return source.contains(state.source()) && destination.contains(state.destination());
        });
  }

  @Override
  public boolean enabled() {
    return store.model().enabled();
  }

  @Override
  public void enabled(boolean on) {
    store.change(on ? "enable" : "disable", model -> model.enabled(on));
  }

  @Override
  public TableDriver tables() {
    return tables;
  }
}
