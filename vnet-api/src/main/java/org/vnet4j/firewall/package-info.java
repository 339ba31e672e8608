/**
 * Firewall rules as immutable values: build them, read and write them in ipfw(8)'s words, and ask
 * what they would do to a packet.
 *
 * <p>Nothing here talks to a kernel. One neutral {@link org.vnet4j.firewall.Rule} serves ipfw, pf
 * and ipfilter; how a list of rules decides (first match or last match) is a property of the
 * engine: {@link org.vnet4j.firewall.Matching}.
 */
@NullMarked
package org.vnet4j.firewall;

import org.jspecify.annotations.NullMarked;
