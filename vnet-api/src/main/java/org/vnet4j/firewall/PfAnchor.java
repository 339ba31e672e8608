// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.List;
import org.vnet4j.spi.Access;
import org.vnet4j.spi.PfDriver;

/**
 * An anchor of pf: a named list of rules that can be replaced separately. See ANCHORS in
 * pf.conf(5).
 */
public final class PfAnchor {
  private final Access<PfDriver> access;
  private final String name;

  /** Creates a handle on an anchor, or with an empty name on the main rules. */
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
   * Replaces its rules in one step by filter rules, without translations.
   *
   * @param rules the new rules; their default action has no effect in an anchor
   * @return this
   */
  public PfAnchor load(RuleSet rules) {
    return load(PfRules.of(rules));
  }

  /**
   * Lists its filter rules with their counters.
   *
   * @return the rules in order
   */
  public List<ListedRule> list() {
    return access.driver().list(name);
  }

  /**
   * Lists its translations.
   *
   * @return one line for each, in the language of pf.conf(5)
   */
  public List<String> translations() {
    return access.driver().translations(name);
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
   * Returns the name of the anchor.
   *
   * @return such as {@code anchor "web"}
   */
  @Override
  public String toString() {
    return "anchor \"" + name + "\"";
  }
}
