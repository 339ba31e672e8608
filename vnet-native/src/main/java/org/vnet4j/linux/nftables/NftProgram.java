// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import static org.vnet4j.linux.nftables.Nft.*;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All chains, sets and maps compiled from the rules of a firewall. Equal rules compile to equal
 * programs, so a change of rules sends the kernel the difference of two programs.
 */
public final class NftProgram {
  private final Map<String, NftChain> chains = new LinkedHashMap<>();
  private final Map<String, NftSet> sets = new LinkedHashMap<>();

  /** The packet mark of replies that rules send when they reject a packet: "vn4j". */
  static final int ANSWER = 0x766e346a;

  private boolean answers;
  private boolean translates;
  private boolean tellsQueries;

  /**
   * Records that rules reject packets with a reply. The kernel sends that reply through these rules
   * like any other packet, while on FreeBSD it skips all firewalls (M_SKIP_FIREWALL). So a rule
   * sets a packet mark before it rejects the packet. The reply inherits the mark if the stack
   * reflects marks (see {@link FirewalledStack#reflectMarks}), and marked packets are accepted on
   * output. The mark ends when the packet leaves this stack, so no other stack sees it.
   */
  void answer() {
    answers = true;
  }

  boolean answers() {
    return answers;
  }

  /** Records that packets are translated, so that a connection has two sets of addresses. */
  public void translate() {
    translates = true;
  }

  boolean translates() {
    return translates;
  }

  /** Records that states tell the requests of ICMP from their replies. */
  void tellQueries() {
    tellsQueries = true;
  }

  boolean tellsQueries() {
    return tellsQueries;
  }

  void add(NftChain chain) {
    chains.put(chain.name(), chain);
  }

  /**
   * Hooks the rules in: for incoming packets, for forwarded ones, and for those sent by this stack.
   */
  public void hookAll(int priority) {
    hook("in", NF_INET_PRE_ROUTING, priority, NftLayout.RULES);
    hook("forward", NF_INET_FORWARD, priority, NftLayout.RULES);
    hook("out", NF_INET_LOCAL_OUT, priority, NftLayout.RULES);
  }

  public void hook(String name, int number, int priority, String rules) {
    NftChain chain =
        new NftChain(name, new NftChain.Hook("filter", number, priority), new ArrayList<>());
    if (number == NF_INET_LOCAL_OUT || number == NF_INET_POST_ROUTING) {
      chain.add(
          new NftExpressions().marked(ANSWER).accept()); // replies of any of the stack's firewalls
    }
    add(chain.add(new NftExpressions().goTo(rules)));
  }

  boolean hasChain(String name) {
    return chains.containsKey(name);
  }

  void add(NftSet set) {
    sets.put(set.name(), set);
  }

  boolean hasSet(String name) {
    return sets.containsKey(name);
  }

  /** Encodes the changes from another program to this one. */
  void difference(NftProgram old, NftBatch batch) {
    sets.forEach((name, set) -> prepare(set, old.sets.get(name), batch));
    for (NftChain chain : chains.values()) {
      if (!old.chains.containsKey(chain.name())) {
        create(chain, batch);
      }
    }
    sets.forEach((name, set) -> leads(set, old.sets.get(name), batch));
    for (NftChain chain : old.chains.values()) {
      NftChain now = chains.get(chain.name());
      if (now == null || !begins(now, chain)) {
        batch.emptyChain(chain.name());
      }
    }
    for (NftChain chain : chains.values()) {
      NftChain before = old.chains.get(chain.name());
      int kept = before != null && begins(chain, before) ? before.lines().size() : 0;
      chain.lines().stream().skip(kept).forEach(line -> batch.line(chain.name(), line));
    }
    old.sets.forEach((name, set) -> dismiss(set, sets.get(name), batch));
    for (NftChain chain : old.chains.values()) {
      if (!chains.containsKey(chain.name())) {
        batch.deleteChain(chain.name());
      }
    }
  }

  /**
   * Returns whether a chain begins with all lines of another: then lines are only appended, or
   * nothing changes.
   */
  private static boolean begins(NftChain chain, NftChain other) {
    int size = other.lines().size();
    return chain.lines().size() >= size && chain.lines().subList(0, size).equals(other.lines());
  }

  private static void create(NftChain chain, NftBatch batch) {
    if (chain.hook() == null) {
      batch.chain(chain.name());
    } else {
      batch.baseChain(chain.name(), chain.hook());
    }
  }

  private static boolean leads(NftSet set) {
    return set.dataType() == Nft.NFT_DATA_VERDICT;
  }

  /**
   * Creates or changes a set before the lines that use it. The chains to which a map leads must
   * exist before its elements are added.
   */
  private static void prepare(NftSet set, @Nullable NftSet before, NftBatch batch) {
    if (before == null) {
      batch.set(leads(set) ? set.with(List.of()) : set);
    } else if (!leads(set)) {
      batch.deleteElements(set.name(), NftSet.without(before.elements(), set.elements()));
      batch.addElements(set.name(), NftSet.without(set.elements(), before.elements()));
    }
  }

  private static void leads(NftSet set, @Nullable NftSet before, NftBatch batch) {
    if (leads(set)) {
      List<NftSet.Element> known = before == null ? List.of() : before.elements();
      batch.addElements(set.name(), NftSet.without(set.elements(), known));
    }
  }

  private static void dismiss(NftSet set, @Nullable NftSet now, NftBatch batch) {
    if (now == null) {
      batch.deleteSet(set.name());
    } else if (leads(set)) {
      batch.deleteElements(set.name(), NftSet.without(set.elements(), now.elements()));
    }
  }
}
