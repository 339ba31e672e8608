// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

/** Names the two ways in which a list of rules decides. */
public enum MatchOrder {
  /**
   * The first rule that matches decides, as in ipfw. States are looked up where the list has {@code
   * check-state}, {@code keep-state} or {@code limit}.
   */
  FIRST,

  /**
   * The last rule that matches decides, unless one marked quick matches before, as in pf and
   * ipfilter. States are looked up before any rule.
   */
  LAST
}
