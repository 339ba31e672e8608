// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.kit;

import java.util.Set;
import org.vnet4j.Capability;
import org.vnet4j.Vnet;

/**
 * The kernel on which contracts run. A test class extends this and has the topics as nested
 * classes; each topic finds its kernel in the instance that encloses it.
 */
public abstract class TestKernel {

  /** Makes the kernel; called once for each test. */
  protected TestKernel() {}

  /**
   * Opens a fresh sandbox.
   *
   * @param without capabilities to switch off
   * @return the sandbox
   */
  public abstract Vnet sandbox(Capability... without);

  /**
   * Names everything that a test could leave behind and that exists now: namespaces or jails,
   * interfaces, processes, files, and descriptors other than those of class files and libraries.
   *
   * @return a name for each
   */
  public abstract Set<String> leftovers();

  /**
   * Returns whether packets and processes are real.
   *
   * @return true unless the kernel is a simulated one
   */
  public boolean carriesTraffic() {
    return true;
  }

  /**
   * Returns whether packets take the time that they should.
   *
   * @return true unless a simulated kernel carries them
   */
  public boolean keepsTime() {
    return true;
  }
}
