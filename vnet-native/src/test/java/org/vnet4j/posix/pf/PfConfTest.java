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

class PfConfTest {
  private static final String BLOCK = "block drop all label \"65535\"\n";

  private static String rendered(String rule) {
    return PfConf.of(RuleSet.denying().add(100, Rule.parse(rule)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "allow ip from any to any | pass from any to any no state",
        "deny quick ip from any to any in | block drop in quick from any to any",
        "deny log ip6 from any to any out | block drop out log inet6 from any to any",
        "count ip4 from any to any | match inet from any to any",
        "allow tcp from any to me 22 in via em0 setup keep-state"
            + " | pass in on em0 proto 6 from any to (self) port 22 flags S/SA keep state",
        "allow tcp from any to any keep-state | pass proto 6 from any to any flags any keep state",
        "allow tcp from any to any 22 limit src-addr 3"
            + " | pass proto 6 from any to any port 22 flags any"
            + " keep state (max-src-states 3, source-track rule)",
        "allow udp from any 53 to any 1024-65535"
            + " | pass proto 17 from any port 53 to any port 1024:65535 no state",
        "allow { tcp or udp } from any to any 53,80-90"
            + " | pass proto { 6 17 } from any to any port { 53 80:90 } no state",
        "deny tcp from any to any not 25 | block drop proto 6 from any to any port != 25",
        "deny tcp from any to any not 80-90 | block drop proto 6 from any to any port 80 <> 90",
        "deny tcp from any to any tcpflags !syn,!ack | block drop proto 6 from any to any flags"
            + " /SA",
        "deny tcp from any to any tcpflags syn,fin | block drop proto 6 from any to any flags"
            + " FS/FS",
        "reset tcp from any to any 113 | block return-rst proto 6 from any to any port 113",
        "unreach port udp from any to any | block return-icmp(3, 4) proto 17 from any to any",
        "unreach6 port ip6 from any to any | block return-icmp6(4) inet6 from any to any",
        "allow icmp from any to any icmptypes 0,8"
            + " | pass inet proto 1 from any to any icmp-type { 0 8 } no state",
        "allow ipv6-icmp from any to any icmp6types 128"
            + " | pass inet6 proto 58 from any to any icmp6-type { 128 } no state",
        "allow ip from 192.0.2.0/24 to 192.0.2.1 | pass from 192.0.2.0/24 to 192.0.2.1 no state",
        "deny ip from not me to any | block drop from ! (self) to any",
        "deny ip6 from any to me6 | block drop inet6 from any to (self)",
        "deny ip from any to any not via lo0 | block drop on ! lo0 from any to any",
        "deny ip from any to any xmit em0 | block drop out on em0 from any to any",
        "deny ip from any to any recv em0 in | block drop in on em0 from any to any",
      })
  void a_rule_is_written_in_pfs_words(String rule, String pf) {
    assertThat(rendered(rule)).isEqualTo(BLOCK + pf + " label \"00100\"\n");
  }

  @Test
  void lists_of_addresses_become_tables() {
    RuleSet set =
        RuleSet.parse(
            """
            100 check-state
            200 deny ip from not 192.0.2.1,192.0.2.5 to table(bad)
            300 allow ip from { 192.0.2.0/24{1,3-5} or 2001:db8::/32 or me } to any
            400 deny ip from not 198.51.100.1 to table(bad)
            65535 allow ip from any to any
            """);
    assertThat(PfConf.of(set))
        .isEqualTo(
            """
            table <vnet2s> const { 192.0.2.1/32 192.0.2.5/32 }
            table <bad> persist
            table <vnet3s> const { 192.0.2.1 192.0.2.3 192.0.2.4 192.0.2.5 2001:db8::/32 }
            table <vnet4s> const { 198.51.100.1/32 }
            pass all no state label "65535"
            block drop from ! <vnet2s> to <bad> label "00200"
            pass from { (self) <vnet3s> } to any no state label "00300"
            block drop from ! <vnet4s> to <bad> label "00400"
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "skipto 500 ip from any to any | skip rules",
        "deny log logamount 5 ip from any to any | limit what is logged",
        "deny not tcp from any to any | negate a protocol",
        "reset ip from any to any | reset anything but tcp",
        "unreach6 port ip from any to any | leave IPv4 packets without an answer",
        "deny ip from any to any 22 | ask for ports without tcp or udp",
        "deny tcp from any to any not 22,23 | negate a list of ports",
        "deny ip from { me or not 192.0.2.1 } to any | negate one of several",
        "deny ip from me6 to any | tell me6 from me",
        "deny ip from any to any via em* | take the pattern em*",
        "deny ip from any to any recv em0 | ask for recv em0 without \"in\"",
        "deny ip from any to any via em0 via em1 | name two interfaces",
        "deny ip from any to any in xmit em0 | both directions",
        "deny tcp from any to any established | ask for established",
        "deny tcp from any to any not setup | negate setup",
        "deny ip from any to any iplen 40 | ask for iplen 40",
        "deny ip from any to any setup | ask for TCP flags without tcp",
        "deny ip from any to any icmptypes 8 | ask for ICMP types without icmp",
        "deny ip from any to any keep-state | keep a state",
        "allow ip from any to any limit dst-port 4 | limit by anything but src-addr",
      })
  void what_pf_cannot_say_is_refused(String rule, String reason) {
    assertThatThrownBy(() -> rendered(rule))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pf: cannot ")
        .hasMessageContaining(reason)
        .hasMessageContaining("in rule 00100 ");
  }
}
