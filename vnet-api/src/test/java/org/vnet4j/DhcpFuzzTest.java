// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Parses arbitrary values of a DHCP client's variables, as a server in the network chooses many of
 * them.
 */
class DhcpFuzzTest {
  @FuzzTest(maxDuration = "5m")
  void a_lease_is_read_or_said_to_be_none(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    Map<String, String> told = DhcpClient.told(text.lines().toList());
    try {
      DhcpClient.lease(told, "dhclient")
          .ifPresent(
              lease -> {
                assertThat(lease.address().isIpv6()).isFalse();
                assertThat(lease.nameServers()).doesNotContainNull();
                assertThat(lease.toString()).isNotBlank();
              });
    } catch (DhcpLease.NoLeaseException e) {
      assertThat(e).hasMessageContaining("dhclient told a lease that is none: ");
    }
  }
}
