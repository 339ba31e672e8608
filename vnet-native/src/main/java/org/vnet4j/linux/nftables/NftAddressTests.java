// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import static org.vnet4j.linux.nftables.Nft.*;

import java.util.ArrayList;
import java.util.List;
import org.vnet4j.firewall.Address;
import org.vnet4j.firewall.Endpoint;
import org.vnet4j.linux.rtnetlink.AddressMessages;
import org.vnet4j.net.Cidr;

/**
 * Compiles the addresses of a rule to nf_tables. A packet is of one address family, so each family
 * is compiled by itself: there a side of the rule is a list of tests, one of which must hold.
 */
final class NftAddressTests {
  private static final byte[] LOCAL = CompiledRule.number(RTN_LOCAL);

  /** Writes a comparison, or its negation. */
  private interface Test {
    void write(NftExpressions code, boolean holds);
  }

  /** The tests of one side of a rule in one family. */
  private static final class InFamily {
    final List<Test> tests = new ArrayList<>();
    NftRanges ranges;
    boolean always;

    InFamily(int family) {
      ranges = new NftRanges(family == 6 ? 16 : 4);
    }

    boolean never() {
      return !always && tests.isEmpty();
    }
  }

  private final CompiledRule rule;

  NftAddressTests(CompiledRule rule) {
    this.rule = rule;
  }

  NftAddressTests add(Endpoint side, boolean source) {
    Endpoint.Choice first = side.choices().get(0);
    if (first.address() == Address.Plain.ANY) {
      return this;
    }
    if (side.choices().size() == 1 && first.address() == Address.Plain.ME) {
      mine(source).write(rule.matches(), !first.negated());
      return this;
    }
    InFamily four = in(4, side, source);
    InFamily six = in(6, side, source);
    if (four.never() && !six.never()) {
      only(6, six, four);
    } else if (six.never() && !four.never()) {
      only(4, four, six);
    } else {
      miss(4, four);
      miss(6, six);
    }
    return this;
  }

  private void only(int family, InFamily one, InFamily none) {
    rule.matches().family(family);
    if (one.always) {
      return;
    }
    if (one.tests.size() == 1) {
      one.tests.get(0).write(rule.matches(), true);
    } else {
      miss(family, one);
    }
  }

  private void miss(int family, InFamily one) {
    if (!one.always) {
      NftExpressions code = new NftExpressions().family(family);
      one.tests.forEach(test -> test.write(code, false));
      rule.misses().add(code);
    }
  }

  private InFamily in(int family, Endpoint side, boolean source) {
    InFamily here = new InFamily(family);
    for (Endpoint.Choice choice : side.choices()) {
      add(here, family, choice, source);
    }
    if (!here.ranges.isEmpty()) {
      here.tests.add(within(here.ranges, family, source));
    }
    return here;
  }

  private void add(InFamily here, int family, Endpoint.Choice choice, boolean source) {
    Address address = choice.address();
    if (address.family() != 0 && address.family() != family) {
      here.always |= choice.negated();
      return;
    }
    Test test;
    if (address instanceof Address.Table table) {
      test =
          (code, holds) ->
              load(code, family, source).inSet(holds, NftAddresses.set(table.name(), family));
    } else if (address instanceof Address.Prefixes || address instanceof Address.Hosts) {
      NftRanges ranges = choice.negated() ? new NftRanges(family == 6 ? 16 : 4) : here.ranges;
      fill(ranges, address);
      if (!choice.negated()) {
        return;
      }
      test = within(ranges, family, source);
    } else {
      test = mine(source);
    }
    here.tests.add(choice.negated() ? (code, holds) -> test.write(code, !holds) : test);
  }

  private static void fill(NftRanges ranges, Address address) {
    if (address instanceof Address.Prefixes list) {
      list.prefixes().forEach(ranges::add);
    } else if (address instanceof Address.Hosts hosts) {
      byte[] bytes = hosts.network().address().getAddress();
      for (int host : hosts.hosts()) {
        bytes[3] = (byte) host;
        ranges.add(new Cidr(AddressMessages.address(bytes), 32));
      }
    }
  }

  private Test within(NftRanges ranges, int family, boolean source) {
    int type = family == 6 ? NftSet.IPV6 : NftSet.IPV4;
    return (code, holds) -> rule.among(load(code, family, source), holds, ranges, type);
  }

  /**
   * Tests whether an address is the stack's own: broadcast addresses are not, all of 127.0.0.0/8
   * is.
   */
  private static Test mine(boolean source) {
    return (code, holds) -> code.addressType(source).is(holds, LOCAL);
  }

  static NftExpressions load(NftExpressions code, int family, boolean source) {
    return family == 6 ? code.network(source ? 8 : 24, 16) : code.network(source ? 12 : 16, 4);
  }
}
