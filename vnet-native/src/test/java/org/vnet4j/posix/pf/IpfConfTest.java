// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.pf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vnet4j.firewall.Rule;
import org.vnet4j.firewall.RuleSet;

class IpfConfTest {
  private static final String DEFAULT =
      """
      block in from any to any set-tag(log=65535)
      block out from any to any set-tag(log=65535)
      """;

  private static String rendered(String rule) {
    return IpfConf.of(RuleSet.denying().add(100, Rule.parse(rule)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "deny quick ip from any to any in | block in quick from any to any",
        "deny log ip6 from any to any out | block out log inet6 from any to any",
        "count ip4 from any to any in | count in inet from any to any",
        "allow tcp from any to 192.0.2.1 22 in via em0 setup keep-state"
            + " | pass in on em0 inet proto 6 from any to 192.0.2.1/32 port = 22 flags S/SA keep"
            + " state",
        "allow udp from any 53 to any 1024-65535 in"
            + " | pass in proto 17 from any port = 53 to any port 1024:65535",
        "deny tcp from any to any tcpflags !syn,!ack in"
            + " | block in proto 6 from any to any flags /SA",
        "reset tcp from any to any 113 in"
            + " | block return-rst in proto 6 from any to any port = 113",
        "unreach port udp from any to any in | block return-icmp(3) in proto 17 from any to any",
        "deny ipv6-icmp from any to any icmp6types 128 in"
            + " | block in inet6 proto 58 from any to any icmp-type 128",
        "deny ip from any to any xmit em0 | block out on em0 from any to any",
        "deny ip from any to any recv em0 in | block in on em0 from any to any",
      })
  void a_rule_is_written_in_ipfilters_words(String rule, String ipf) {
    assertThat(rendered(rule)).isEqualTo(DEFAULT + ipf + " set-tag(log=65636)\n");
  }

  @Test
  void lists_become_a_line_for_each_combination() {
    assertThat(rendered("allow { tcp or udp } from 192.0.2.1,192.0.2.8/29 to any 53,80-90").lines())
        .hasSize(2 + 2 * 2 * 2 * 2)
        .contains("pass out inet proto 17 from 192.0.2.8/29 to any port 80:90 set-tag(log=65636)");
    assertThat(rendered("deny icmp from any to any icmptypes 0,8 out").lines().skip(2))
        .containsExactly(
            "block out inet proto 1 from any to any icmp-type 0 set-tag(log=65636)",
            "block out inet proto 1 from any to any icmp-type 8 set-tag(log=65636)");
    assertThat(rendered("deny udp from any to any not 53,60-70 in").lines().skip(2))
        .containsExactly(
            "block in proto 17 from any to any port 0:52 set-tag(log=65636)",
            "block in proto 17 from any to any port 54:59 set-tag(log=65636)",
            "block in proto 17 from any to any port 71:65535 set-tag(log=65636)");
    assertThat(rendered("deny ip from not 192.0.2.1 to any in").lines().skip(2))
        .containsExactly(
            "block in inet from !192.0.2.1/32 to any set-tag(log=65636)",
            "block in inet6 from any to any set-tag(log=65636)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "skipto 500 ip from any to any | skip rules",
        "deny log logamount 5 ip from any to any | limit what is logged",
        "deny not tcp from any to any | negate a protocol",
        "reset ip from any to any | reset anything but tcp",
        "unreach6 port ip6 from any to any | choose the code of an ICMPv6 error",
        "deny ip from any to any 22 | ask for ports without tcp or udp",
        "deny ip from not 192.0.2.1,192.0.2.5 to any | negate anything but one address",
        "deny ip from me to any | ask for me",
        "deny ip from table(bad) to any | ask for table(bad)",
        "deny ip from any to any via em* | take the pattern em*",
        "deny ip from any to any not via em0 | negate via em0",
        "deny ip from any to any recv em0 | ask for recv em0 without \"in\"",
        "deny tcp from any to any established | ask for established",
        "deny ip from any to any keep-state | keep a state",
        "allow tcp from any to any limit src-addr 4 | limit connections",
      })
  void what_ipfilter_cannot_say_is_refused(String rule, String reason) {
    assertThatThrownBy(() -> rendered(rule))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ipf: cannot " + reason)
        .hasMessageContaining("in rule 00100 ");
  }
}
