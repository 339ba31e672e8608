// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpLiteral;

/** Tests the variables that each DHCP client passes to its hook. */
class DhcpClientTest {
  private static final Map<String, String> DHCLIENT =
      Map.of(
          "reason", "BOUND",
          "interface", "epair0b",
          "new_ip_address", "192.0.2.100",
          "new_subnet_mask", "255.255.255.0",
          "new_routers", "192.0.2.1 192.0.2.2",
          "new_domain_name_servers", "192.0.2.53 198.51.100.53",
          "new_dhcp_server_identifier", "192.0.2.1",
          "new_dhcp_lease_time", "3600");

  private static final Map<String, String> UDHCPC =
      Map.of(
          "interface", "epair0b",
          "ip", "192.0.2.100",
          "mask", "24",
          "subnet", "255.255.255.0",
          "router", "192.0.2.1",
          "dns", "192.0.2.53",
          "serverid", "192.0.2.1",
          "lease", "3600");

  @Test
  void dhclient_separates_with_spaces() {
    assertThat(DhcpClient.lease(DHCLIENT, "dhclient"))
        .contains(
            new DhcpLease(
                Cidr.parse("192.0.2.100/24"),
                Optional.of(IpLiteral.parse("192.0.2.1")),
                List.of(IpLiteral.parse("192.0.2.53"), IpLiteral.parse("198.51.100.53")),
                Optional.of(IpLiteral.parse("192.0.2.1")),
                Optional.of(Duration.ofHours(1)),
                "dhclient"));
  }

  @Test
  void openbsds_dhclient_separates_with_commas() {
    DhcpLease lease =
        DhcpClient.lease(
                with(DHCLIENT, "new_domain_name_servers", "192.0.2.53, 198.51.100.53"), "dhclient")
            .orElseThrow();

    assertThat(lease.nameServers()).hasSize(2);
  }

  @Test
  void dhcpcd_speaks_like_dhclient_with_more_words() {
    DhcpLease lease =
        DhcpClient.lease(
                with(with(DHCLIENT, "new_subnet_cidr", "24"), "protocol", "dhcp"), "dhcpcd")
            .orElseThrow();

    assertThat(lease).hasToString("192.0.2.100/24 via 192.0.2.1 by 192.0.2.1 for 3600 s (dhcpcd)");
  }

  @Test
  void udhcpc_has_names_of_its_own() {
    assertThat(DhcpClient.lease(UDHCPC, "udhcpc").orElseThrow())
        .hasToString("192.0.2.100/24 via 192.0.2.1 by 192.0.2.1 for 3600 s (udhcpc)");
  }

  @Test
  void address_and_netmask_are_enough() {
    DhcpLease lease =
        DhcpClient.lease(
                Map.of("new_ip_address", "10.0.0.9", "new_subnet_mask", "255.255.255.240"), "d")
            .orElseThrow();

    assertThat(lease).hasToString("10.0.0.9/28 (d)");
    assertThat(lease.router()).isEmpty();
    assertThat(lease.nameServers()).isEmpty();
  }

  @Test
  void a_hook_called_for_another_reason_tells_no_lease() {
    assertThat(DhcpClient.lease(Map.of("reason", "PREINIT", "interface", "epair0b"), "dhclient"))
        .isEmpty();
    assertThat(DhcpClient.lease(Map.of("interface", "epair0b"), "udhcpc")).isEmpty();
    assertThat(DhcpClient.lease(Map.of(), "udhcpc")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"255.0.255.0", "0.0.0.1", "24", "255.255.255.0.0", ""})
  void a_netmask_with_holes_is_no_lease(String mask) {
    assertThatThrownBy(() -> DhcpClient.lease(with(DHCLIENT, "new_subnet_mask", mask), "dhclient"))
        .isInstanceOf(DhcpLease.NoLeaseException.class)
        .hasMessageStartingWith("dhclient told a lease that is none: ")
        .hasMessageContaining(mask);
  }

  @Test
  void shell_words_in_a_lease_are_refused_and_never_run() {
    assertThatThrownBy(() -> DhcpClient.lease(with(DHCLIENT, "new_routers", "$(reboot)"), "d"))
        .isInstanceOf(DhcpLease.NoLeaseException.class)
        .hasMessageContaining("$(reboot)");
    assertThatThrownBy(() -> DhcpClient.lease(with(DHCLIENT, "new_dhcp_lease_time", "1h"), "d"))
        .isInstanceOf(DhcpLease.NoLeaseException.class)
        .hasMessageContaining("1h");
  }

  private static Map<String, String> with(Map<String, String> told, String name, String value) {
    Map<String, String> changed = new TreeMap<>(told);
    changed.put(name, value);
    return changed;
  }

  @Test
  void the_line_before_the_last_words_of_a_client_names_the_cause() {
    assertThat(DhcpClient.cause(List.of("em0: not found", "exiting."))).contains("em0: not found");
    assertThat(
            DhcpClient.cause(
                List.of(
                    "Error getting hardware address for \"em0\": No such device",
                    "",
                    "If you think you have received this message due to a bug rather",
                    "than a configuration issue please read the section on submitting",
                    "process and the information we find helpful for debugging.",
                    "",
                    "exiting.")))
        .contains("Error getting hardware address for \"em0\": No such device");
    assertThat(DhcpClient.cause(List.of("DHCPDISCOVER on em0", "No DHCPOFFERS received.", "")))
        .contains("No DHCPOFFERS received.");
    assertThat(DhcpClient.cause(List.of())).isEmpty();
    assertThat(DhcpClient.cause(List.of("exiting."))).isEmpty();
  }
}
