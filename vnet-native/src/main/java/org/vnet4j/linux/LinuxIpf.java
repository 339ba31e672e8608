// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.vnet4j.firewall.FirewallState;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.NumberedRule;
import org.vnet4j.firewall.Rule;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.firewall.Rules;
import org.vnet4j.linux.nftables.FirewallModel;
import org.vnet4j.linux.nftables.FirewallStore;
import org.vnet4j.linux.nftables.NftAddresses;
import org.vnet4j.linux.nftables.NftLayout;
import org.vnet4j.linux.nftables.NftProgram;
import org.vnet4j.linux.nftables.NftStates;
import org.vnet4j.linux.nftables.StoredRule;
import org.vnet4j.posix.pf.IpfConf;
import org.vnet4j.spi.IpfDriver;
import org.vnet4j.spi.TrialDriver;

/**
 * The ipfilter driver: compiles its rules to nf_tables. The last matching rule decides. A rule that
 * FreeBSD's ipfilter cannot express is refused here too.
 */
final class LinuxIpf implements IpfDriver {
  static final String TABLE = "vnet4j_ipf";

  /** After ipfw and before address translation. */
  private static final int PRIORITY = -140;

  private static final String GROUP = "-";

  private final LinuxStack stack;
  private final FirewallStore store;

  LinuxIpf(LinuxStack stack) {
    this.stack = stack;
    this.store =
        new FirewallStore(stack, TABLE, "Vnet for Java: ipf", LinuxIpf::compile, this::fresh);
  }

  private FirewallModel fresh() {
    LinuxFirewalls.requireLoaded(stack, "ipl", TABLE);
    return initial();
  }

  private static FirewallModel initial() {
    return FirewallModel.fresh(true, Rules.allow().ip());
  }

  private static NftProgram compile(FirewallModel model) {
    NftProgram program = new NftProgram();
    NftLayout.lastMatch(program, "ipf", model.entries(), model.last(), true);
    model.tables().forEach((name, all) -> NftAddresses.declare(program, name, all));
    program.hookAll(PRIORITY);
    return program;
  }

  /** Creates the table if it does not exist. */
  void load() {
    store.create(initial());
  }

  @Override
  public void load(RuleSet rules) {
    IpfConf.of(rules); // refuses what ipfilter cannot express
    store.change("load", model -> loaded(model, rules));
  }

  @Override
  public TrialDriver loadOnTrial(RuleSet rules, Duration limit) {
    IpfConf.of(rules);
    return store.changeOnTrial("load", model -> loaded(model, rules), limit);
  }

  private static FirewallModel loaded(FirewallModel model, RuleSet rules) {
    Rule last = Rule.parse(rules.defaultAction() + " ip from any to any");
    FirewallModel loaded = model.map(entry -> null).last(last);
    int number = 0;
    for (NumberedRule rule : rules.rules()) {
      loaded = loaded.add(number += 100, GROUP, rule.rule());
    }
    return loaded;
  }

  @Override
  public void loadText(String text) {
    throw stack
        .kernel()
        .unsupported("Linux has no ipf(8) to read ipf.conf(5); load(RuleSet) takes rules");
  }

  @Override
  public List<ListedRule> list() {
    return store.counted(
        (model, counts) -> {
          List<ListedRule> all = new ArrayList<>();
          for (StoredRule entry : model.entries()) {
            all.add(entry.listed(entry.number(), 0, counts));
          }
          all.add(model.last().listed(NumberedRule.DEFAULT, 0, counts));
          return all;
        });
  }

  @Override
  public void flush() {
    store.change("flush", model -> model.map(entry -> null).last(Rules.allow().ip()));
  }

  @Override
  public void zero() {
    store.zero(null);
  }

  @Override
  public List<FirewallState> states() {
    return store.states().stream().map(NftStates::decode).toList();
  }

  @Override
  public boolean enabled() {
    return store.model().enabled();
  }

  @Override
  public void enabled(boolean on) {
    store.change(on ? "enable" : "disable", model -> model.enabled(on));
  }
}
