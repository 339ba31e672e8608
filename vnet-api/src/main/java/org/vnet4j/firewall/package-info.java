/**
 * Firewall rules as immutable values: build them, parse and print them in the language of ipfw(8),
 * and compute their decision on a packet. The three firewalls of a stack load them: {@link
 * org.vnet4j.firewall.Ipfw}, {@link org.vnet4j.firewall.Pf} and {@link org.vnet4j.firewall.Ipf}.
 *
 * <p>One neutral {@link org.vnet4j.firewall.Rule} serves all three; how a list of rules decides
 * (first match or last match) is a property of the engine: {@link org.vnet4j.firewall.MatchOrder}.
 *
 * @since 0.1.0
 */
@NullMarked
package org.vnet4j.firewall;

import org.jspecify.annotations.NullMarked;
