// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.time.Duration;
import java.util.List;
import org.vnet4j.Vnet;
import org.vnet4j.firewall.FirewallState;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.PfRules;
import org.vnet4j.net.Cidr;

/**
 * Operations on the pf of one stack: translations first, then rules in their order, of which the
 * last that matches decides, or the first that is quick. See pf.conf(5) and pfctl(8).
 *
 * <p>An anchor is named by its name, {@code ""} for the main rules.
 */
public interface PfDriver {

  /**
   * Replaces the rules of an anchor in one step. States that are there stay.
   *
   * @param anchor its name
   * @param rules the new rules
   */
  void load(String anchor, PfRules rules);

  /**
   * Replaces all main rules, as load does, for a time: unless confirmed by then, the old ones come
   * back, also when this process has ended before. Packets are looked at meanwhile, enabled or not.
   *
   * @param rules the new rules
   * @param limit until when, in milliseconds at the finest
   * @return the way back
   */
  default TrialDriver loadOnTrial(PfRules rules, Duration limit) {
    throw new Vnet.UnsupportedException("pf: no rules on trial in this provider");
  }

  /**
   * Replaces the rules of an anchor by text.
   *
   * @param anchor its name
   * @param text in the language of pf.conf(5)
   * @throws org.vnet4j.Vnet.UnsupportedException where there is no pfctl(8)
   * @throws org.vnet4j.firewall.RuleSyntaxException if pfctl(8) refuses it; nothing changed
   */
  void loadText(String anchor, String text);

  /**
   * Lists the filter rules of an anchor with their counters.
   *
   * @param anchor its name
   * @return in their order
   */
  List<ListedRule> list(String anchor);

  /**
   * Lists the translations of an anchor.
   *
   * @param anchor its name
   * @return a line for each, in pf's words
   */
  List<String> translations(String anchor);

  /**
   * Lists the anchors that have rules.
   *
   * @return their names, sorted, without the main rules
   */
  List<String> anchors();

  /**
   * Deletes the rules and translations of an anchor; of the main rules, states and tables too.
   *
   * @param anchor its name
   */
  void flush(String anchor);

  /** Sets all counters to zero. */
  void zero();

  /**
   * Lists the states.
   *
   * @return what is remembered now
   */
  List<FirewallState> states();

  /**
   * Forgets states.
   *
   * @param source of the packet that made them; the prefix of length 0 for any
   * @param destination of that packet, likewise
   * @return how many there were
   */
  int killStates(Cidr source, Cidr destination);

  /**
   * Returns whether packets are looked at.
   *
   * @return true if enabled; a fresh stack's is not
   */
  boolean enabled();

  /**
   * Lets packets be looked at, or not. Doing it twice is no error.
   *
   * @param on true to enable
   */
  void enabled(boolean on);

  /**
   * Returns the tables of the main rules.
   *
   * @return the same object at every call
   */
  TableDriver tables();
}
