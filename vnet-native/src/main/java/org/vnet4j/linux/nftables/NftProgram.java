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
 * All chains, sets and maps that a firewall's rules become. The same rules become the same program,
 * so a change of rules sends the kernel the difference of two programs.
 */
public final class NftProgram {
  private final Map<String, NftChain> chains = new LinkedHashMap<>();
  private final Map<String, NftSet> sets = new LinkedHashMap<>();

  /** What answers of rules that refuse are marked with: "vn4j". */
  static final int ANSWER = 0x766e346a;

  private boolean answers;
  private boolean translates;

  /**
   * Says that rules refuse packets with an answer. The kernel sends it like any other packet, on
   * its way past our own rules again, while on FreeBSD it skips all firewalls (M_SKIP_FIREWALL). So
   * the packet is marked before it is refused, its answer inherits the mark if the stack reflects
   * marks (see {@link FirewalledStack#reflectMarks}), and what is marked leaves without being
   * judged. Another stack never sees the mark, which ends with the way out of this one.
   */
  void answer() {
    answers = true;
  }

  boolean answers() {
    return answers;
  }

  /** Says that packets are translated, so that their connections have two faces. */
  public void translate() {
    translates = true;
  }

  boolean translates() {
    return translates;
  }

  void add(NftChain chain) {
    chains.put(chain.name(), chain);
  }

  /** Leads packets to the rules: those that come in, are forwarded, and are made here. */
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
          new NftExpressions().marked(ANSWER).accept()); // of whichever of the stack's firewalls
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

  /** Writes what makes this program of another. */
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

  /** Tells whether a chain begins with all lines of another: then some are added, or none. */
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

  /** Sets come before the lines that look into them; where a map leads must be there before it. */
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
