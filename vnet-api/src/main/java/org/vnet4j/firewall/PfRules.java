// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.ArrayList;
import java.util.List;

/**
 * What is loaded into pf, or one of its anchors, in one step.
 *
 * @param translations in their order; the first that matches decides
 * @param filter the filter rules; their numbers give the order
 * @param anchors names of anchors that packets are sent through behind the filter rules, in this
 *     order; each a single name of 1 to 63 letters, digits, {@code _ - .}
 */
public record PfRules(List<Translation> translations, RuleSet filter, List<String> anchors) {

  /** Copies the lists and checks the names. */
  public PfRules {
    translations = List.copyOf(translations);
    anchors = List.copyOf(anchors);
    anchors.forEach(ObjectName::check);
    new Evaluation(filter, MatchOrder.LAST);
  }

  /**
   * Begins with filter rules.
   *
   * @param rules the rules
   * @return what can be loaded
   */
  public static PfRules of(RuleSet rules) {
    return new PfRules(List.of(), rules, List.of());
  }

  /**
   * Adds a translation behind the others.
   *
   * @param translation from {@link Rules#nat} or {@link Rules#rdr}
   * @return new rules
   */
  public PfRules translate(Translation translation) {
    List<Translation> more = new ArrayList<>(translations);
    more.add(translation);
    return new PfRules(more, filter, anchors);
  }

  /**
   * Sends packets through an anchor too.
   *
   * @param name 1 to 63 letters, digits, {@code _ - .}
   * @return new rules
   */
  public PfRules anchor(String name) {
    List<String> more = new ArrayList<>(anchors);
    more.add(name);
    return new PfRules(translations, filter, more);
  }

  /**
   * Returns all in the order it is looked at.
   *
   * @return a line each
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    translations.forEach(one -> text.append(one).append('\n'));
    text.append(filter);
    anchors.forEach(one -> text.append("anchor ").append(one).append('\n'));
    return text.toString();
  }
}
