// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.List;
import org.vnet4j.spi.Access;
import org.vnet4j.spi.PfDriver;

/** Rules of pf that have a name and are replaced on their own. See ANCHORS in pf.conf(5). */
public final class PfAnchor {
  private final Access<PfDriver> access;
  private final String name;

  /** Takes the name of an anchor, or none for the main rules. */
  PfAnchor(Access<PfDriver> access, String name) {
    if (!name.isEmpty()) {
      ObjectName.check(name);
    }
    this.access = access;
    this.name = name;
  }

  /**
   * Returns its name.
   *
   * @return as the main rules name it
   */
  public String name() {
    return name;
  }

  /**
   * Replaces its rules in one step.
   *
   * @param rules the new rules
   * @return this
   */
  public PfAnchor load(PfRules rules) {
    String where = name.isEmpty() ? "" : " -a " + name;
    access.change("pfctl" + where + " -f -", driver -> driver.load(name, rules));
    return this;
  }

  /**
   * Replaces its filter rules in one step; there are no translations then.
   *
   * @param rules the new rules; their default action means nothing in an anchor
   * @return this
   */
  public PfAnchor load(RuleSet rules) {
    return load(PfRules.of(rules));
  }

  /**
   * Lists its filter rules with their counters.
   *
   * @return in their order
   */
  public List<ListedRule> list() {
    return access.driver().list(name);
  }

  /**
   * Deletes its rules and translations.
   *
   * @return this
   */
  public PfAnchor flush() {
    access.change("pfctl -a \"" + name + "\" -F rules", driver -> driver.flush(name));
    return this;
  }

  /**
   * Says which anchor this is.
   *
   * @return such as {@code anchor "web"}
   */
  @Override
  public String toString() {
    return "anchor \"" + name + "\"";
  }
}
