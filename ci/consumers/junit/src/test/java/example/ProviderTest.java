// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package example;

import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.vnet4j.Capability;
import org.vnet4j.Vnet;
import org.vnet4j.contract.BridgeContract;
import org.vnet4j.contract.kit.TestKernel;
import org.vnet4j.contract.memory.MemoryKernel;
import org.vnet4j.spi.StackParts;

/** A topic of the contract, as somebody with a provider of their own runs it. */
class ProviderTest extends TestKernel {
  @Override
  public Vnet sandbox(Capability... without) {
    return StackParts.vnet(new MemoryKernel(without));
  }

  @Override
  public Set<String> leftovers() {
    return MemoryKernel.open();
  }

  @Override
  public boolean carriesTraffic() {
    return false;
  }

  @Nested
  class BridgeTest extends BridgeContract {}
}
