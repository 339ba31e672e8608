// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpText;

/**
 * A lease that a DHCP server granted. See RFC 2131.
 *
 * @param address the address with the prefix length of its network
 * @param router the default gateway, empty if none was given
 * @param nameServers addresses of name servers
 * @param server the server that granted it, empty if the client does not report it
 * @param time duration of the lease, empty if the client does not report it
 * @param client the program that obtained it, such as {@code udhcpc}
 */
public record DhcpLease(
    Cidr address,
    Optional<InetAddress> router,
    List<InetAddress> nameServers,
    Optional<InetAddress> server,
    Optional<Duration> time,
    String client) {

  /** Copies the list. */
  public DhcpLease {
    nameServers = List.copyOf(nameServers);
  }

  /**
   * Returns the lease in one line.
   *
   * @return such as {@code 192.0.2.100/24 by 192.0.2.1 for 3600 s (udhcpc)}
   */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder(address.toString());
    router.ifPresent(by -> line.append(" via ").append(IpText.of(by)));
    server.ifPresent(by -> line.append(" by ").append(IpText.of(by)));
    time.ifPresent(span -> line.append(" for ").append(span.toSeconds()).append(" s"));
    return line.append(" (").append(client).append(')').toString();
  }

  /** No DHCP client is installed. */
  public static final class NoClientException extends VnetException {
    private static final long serialVersionUID = 1L;

    NoClientException() {
      super(
          "no DHCP client found (dhclient, udhcpc or dhcpcd); install one: Debian and Ubuntu have"
              + " the packages udhcpc, isc-dhcp-client and dhcpcd-base, Fedora dhcp-client, Alpine"
              + " udhcpc in busybox; FreeBSD has dhclient in its base system");
    }
  }

  /** No DHCP server granted a lease. */
  public static final class NoLeaseException extends VnetException {
    private static final long serialVersionUID = 1L;

    NoLeaseException(String message) {
      super(message);
    }
  }
}
