// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Set;
import org.vnet4j.Capability;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.Leftovers;

/** The whole contract on the machine on which it runs, by the provider that serves it. */
public abstract class MachineContract extends WholeContract {

  /** The reason why no sandbox with an epair is possible here, found once; it skips every test. */
  private static final class Reason {
    static final String WHY_NOT = whyNot();

    private static String whyNot() {
      try (Vnet vnet = Vnet.sandbox()) {
        vnet.host().epair().create().destroy(); // nearly every test has one
        return "";
      } catch (Vnet.UnsupportedException | Vnet.NotPermittedException e) {
        return e.getMessage();
      }
    }
  }

  /** Makes the contract. */
  protected MachineContract() {}

  @Override
  public final Vnet sandbox(Capability... without) {
    assumeTrue(Reason.WHY_NOT.isEmpty(), Reason.WHY_NOT);
    return Vnet.builder().application("test").without(without).sandbox();
  }

  @Override
  public final Set<String> leftovers() {
    return Leftovers.now();
  }
}
