// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

/** The two orders in which a list of rules decides. */
public enum MatchOrder {
  /**
   * The first rule that matches decides, as in ipfw. The rules with {@code check-state}, {@code
   * keep-state} or {@code limit} search the states.
   */
  FIRST,

  /**
   * The last rule that matches decides, unless one marked quick matches before, as in pf and
   * ipfilter. States are searched before any rule.
   */
  LAST
}
