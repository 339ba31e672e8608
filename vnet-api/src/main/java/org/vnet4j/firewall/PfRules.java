// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.ArrayList;
import java.util.List;

/**
 * The translations, filter rules and anchors that are loaded in one step into pf or an anchor.
 *
 * @param translations the translations in order; the first match decides
 * @param filter the filter rules; their numbers give the order
 * @param anchors names of anchors that are evaluated after the filter rules, in this order; each a
 *     single name of 1 to 63 letters, digits, {@code _ - .}
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
   * Returns rules with filter rules only.
   *
   * @param rules the rules
   * @return the rules to load
   */
  public static PfRules of(RuleSet rules) {
    return new PfRules(List.of(), rules, List.of());
  }

  /**
   * Adds a translation after the others.
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
   * Adds an anchor after the others.
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
   * Returns all rules in the order of evaluation.
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
