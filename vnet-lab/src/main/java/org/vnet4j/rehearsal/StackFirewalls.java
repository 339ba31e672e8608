// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.rehearsal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Modules;
import org.vnet4j.NetworkStack;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.firewall.PfRules;
import org.vnet4j.firewall.Translation;

/**
 * The firewalls of a stack beside the rules under test. A packet meets them too, so a replica gets
 * copies. What cannot be copied is listed.
 */
final class StackFirewalls {
  private final List<FirewallCopy> copies = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  /** Reads the firewalls of a stack; without a stack there are none. */
  static StackFirewalls of(@Nullable NetworkStack stack, FirewallUnderTest tested) {
    StackFirewalls all = new StackFirewalls();
    if (stack != null) {
      boolean ipfw = tested instanceof FirewallUnderTest.OfIpfw;
      Optional<List<String>> anchors =
          tested instanceof FirewallUnderTest.OfPf pf
              ? Optional.of(pf.all().anchors())
              : Optional.empty();
      all.read("ipfw", () -> FirewallCopy.OfIpfw.of(stack, ipfw, all.missing));
      all.read("pf", () -> FirewallCopy.OfPf.of(stack, anchors, all.missing));
      if (!(tested instanceof FirewallUnderTest.OfIpf)) {
        all.read("ipf", () -> FirewallCopy.OfIpf.of(stack, all.missing));
      }
    }
    return all;
  }

  private void read(String name, Supplier<Optional<FirewallCopy>> reader) {
    try {
      reader.get().ifPresent(copies::add);
    } catch (Modules.NotLoadedException e) {
      return; // the stack has no such firewall
    } catch (Vnet.UnsupportedException e) {
      if (e.capability().isEmpty()) { // else no stack of this kernel has it
        missing.add(name + ": " + e.getMessage());
      }
    } catch (VnetException e) {
      missing.add(name + ": " + e.getMessage());
    }
  }

  /** Loads the modules of the copied firewalls. */
  void loadModules(Vnet sandbox) {
    for (FirewallCopy copy : List.copyOf(copies)) {
      try {
        copy.loadModule(sandbox);
      } catch (Modules.NotFoundException | Vnet.UnsupportedException e) {
        copies.remove(copy);
        missing.add(copy.name() + ": " + e.getMessage());
      }
    }
  }

  /** Loads the copies into the replica. */
  void loadInto(NetworkStack replica) {
    for (FirewallCopy copy : List.copyOf(copies)) {
      try {
        copy.loadInto(replica);
      } catch (VnetException | IllegalArgumentException e) {
        copies.remove(copy);
        missing.add(copy.name() + ": " + e.getMessage());
      }
    }
  }

  /** Loads those copies anew that may have states of earlier probes. */
  void forgetStates(NetworkStack replica) {
    copies.stream().filter(FirewallCopy::keepsStates).forEach(copy -> copy.loadInto(replica));
  }

  /** Returns the copies of firewalls. */
  List<FirewallCopy> copies() {
    return copies;
  }

  /** Returns what could not be copied. */
  List<String> missing() {
    return missing;
  }

  /** Returns the translations of the copies. */
  List<Translation> translations() {
    return copies.stream().flatMap(copy -> copy.translations().stream()).toList();
  }

  /** Returns the translations of the copies and of the rules under test, which come first. */
  List<Translation> translations(FirewallUnderTest tested) {
    List<Translation> all = new ArrayList<>();
    if (tested instanceof FirewallUnderTest.OfPf pf) {
      PfRules rules = pf.all();
      all.addAll(rules.translations());
    }
    all.addAll(translations());
    return all;
  }
}
