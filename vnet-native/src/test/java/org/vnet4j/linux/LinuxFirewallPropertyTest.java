// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetworkStack;
import org.vnet4j.Vnet;
import org.vnet4j.contract.firewall.RandomRules;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.Condition;
import org.vnet4j.firewall.Decision;
import org.vnet4j.firewall.Evaluation;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.MatchOrder;
import org.vnet4j.firewall.NumberedRule;
import org.vnet4j.firewall.Packet;
import org.vnet4j.firewall.Rule;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.firewall.State;
import org.vnet4j.linux.nftables.CompiledRule;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.MacAddress;
import org.vnet4j.posix.pf.IpfConf;
import org.vnet4j.posix.pf.PfConf;

/**
 * Fires random packets at random rules: our evaluation must name the rule by which the kernel
 * decides.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "packets are injected by Linux's packet sockets")
class LinuxFirewallPropertyTest {
  private static final int PACKETS = 50;
  private static final long LONGEST = 700_000_000L;
  private static final long PATIENCE = 5_000_000_000L;

  /** Sends each packet that it reads, and confirms it. */
  private static final String INJECTOR =
      """
      import socket, sys
      s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
      s.bind(("epair0b", 0))
      for line in sys.stdin:
          s.send(bytes.fromhex(line.strip()))
          print("sent", flush=True)
      """;

  /**
   * Keeps an interface from making itself a link-local address. An interface with such an address
   * solicits routers again and again, at ever longer intervals; without an address it is silent.
   */
  private static final String SILENCE =
      "open('/proc/sys/net/ipv6/conf/%s/addr_gen_mode', 'w').write('1')";

  private static final List<Cidr> BLOCKED =
      List.of(Cidr.parse("192.0.2.64/26"), Cidr.parse("2001:db8:1::/48"));

  /** What FreeBSD cannot express is refused on Linux too. */
  private static final Consumer<RuleSet> PF = PfConf::of;

  private static final Consumer<RuleSet> IPF = IpfConf::of;

  private BufferedWriter out;
  private BufferedReader in;
  private MacAddress mac;
  private int cases;

  @Test
  @Timeout(600)
  void ten_thousand_packets_are_decided_by_the_rule_that_our_evaluation_names() throws Exception {
    long seed = Long.getLong("seed", new Random().nextLong());
    System.out.println("LinuxFirewallPropertyTest: -Dseed=" + seed);
    try (Vnet vnet = Vnet.sandbox()) {
      vnet.modules().loadIpfw(Action.Plain.ALLOW).load("pf", "ipl");
      Jail jail = vnet.host().jail("wall").create();
      Epair cable = vnet.host().epair().names("epair0b", "epair0a").vnet(jail).create();
      silence(jail, "epair0a");
      silence(vnet.host(), "epair0b");
      cable.a().up();
      cable.b().up();
      mac = cable.b().info().lladdr().orElseThrow();
      Process injector = vnet.host().exec("python3", "-c", INJECTOR).start();
      out = injector.outputWriter();
      in = injector.inputReader();
      jail.ipfw().zero();
      awaitSilence(jail.ipfw()::list);
      RandomRules random = new RandomRules(new Random(seed));
      jail.ipfw().table("blocked").create().add("192.0.2.64/26", "2001:db8:1::/48");
      run(random, 5_000, MatchOrder.FIRST, jail.ipfw()::load, jail.ipfw()::list);
      jail.ipfw().flush();
      jail.pf().table("blocked").create().add("192.0.2.64/26", "2001:db8:1::/48");
      jail.pf().enable();
      run(random, 7_500, MatchOrder.LAST, jail.pf()::load, jail.pf()::list);
      jail.pf().disable();
      run(random, 10_000, MatchOrder.LAST, jail.ipf()::load, jail.ipf()::list);
      injector.destroy();
    }
    System.out.println("LinuxFirewallPropertyTest: " + cases + " cases");
  }

  private static void silence(NetworkStack stack, String name) {
    stack.exec("python3", "-c", SILENCE.formatted(name)).run(Duration.ofSeconds(10));
  }

  /** Waits until a fresh interface has announced its multicast groups. */
  private static void awaitSilence(Supplier<List<ListedRule>> list) throws InterruptedException {
    long heard = -1;
    for (int i = 0; i < 8; i++) {
      long now = list.get().get(0).packets();
      if (i > 1 && now == heard) {
        return;
      }
      heard = now;
      Thread.sleep(1_500);
    }
  }

  private void run(
      RandomRules random,
      int until,
      MatchOrder matching,
      Consumer<RuleSet> load,
      Supplier<List<ListedRule>> list)
      throws IOException {
    while (cases < until) {
      RuleSet drawn = random.ruleSet(12);
      RuleSet set = RuleSet.allowing();
      for (NumberedRule rule : drawn.rules()) {
        set =
            isComparable(rule.rule(), matching, until < 10_000)
                ? set.add(rule.number(), rule.rule())
                : set;
      }
      load.accept(RuleSet.allowing());
      load.accept(set);
      Evaluation evaluation = new Evaluation(set, matching);
      if (matching == MatchOrder.FIRST || set.toString().contains("blocked")) {
        evaluation.table("blocked", until == 10_000 ? List.of() : BLOCKED);
      }
      fire(random, set, evaluation, list);
    }
  }

  /** Excludes rules that need tracked connections, as a limit does: these packets open none. */
  private static boolean isComparable(Rule rule, MatchOrder matching, boolean pf) {
    State state = rule.state().orElse(null);
    if (state instanceof State.Limit
        || state != null && rule.action() == Action.Plain.COUNT
        || rule.toString().startsWith("check-state :any")) {
      return false;
    }
    try {
      new CompiledRule("0", rule);
      if (matching == MatchOrder.LAST) {
        (pf ? PF : IPF).accept(RuleSet.allowing().add(1, rule));
      }
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void fire(
      RandomRules random, RuleSet set, Evaluation evaluation, Supplier<List<ListedRule>> list)
      throws IOException {
    long begin = System.nanoTime();
    List<ListedRule> before = list.get();
    for (int i = 0; i < PACKETS; i++) {
      Packet packet = incoming(random.packet());
      Decision decision = evaluation.decide(packet);
      out.write(HexFormat.of().formatHex(frame(packet)));
      out.newLine();
      out.flush();
      in.readLine();
      List<ListedRule> after = list.get();
      // On a busy machine the packet may still be on its way.
      long sent = System.nanoTime();
      while (deciders(before, after).isEmpty() && System.nanoTime() - sent < PATIENCE) {
        after = list.get();
      }
      if (!deciders(before, after).isEmpty() && System.nanoTime() - begin > LONGEST) {
        return; // states may have expired
      }
      int expected =
          decision.rule().map(rule -> indexOf(set.rules(), rule)).orElse(set.rules().size());
      assertThat(deciders(before, after))
          .as("%s%n%s%ncase %d: %s", packet, set, cases, decision)
          .containsExactly(expected);
      before = after;
      cases++;
    }
  }

  /** Returns the indexes of the rules that counted a packet meanwhile, without count rules. */
  private static List<Integer> deciders(List<ListedRule> before, List<ListedRule> after) {
    List<Integer> deciders = new ArrayList<>();
    for (int at = 0; at < after.size(); at++) {
      boolean counts = after.get(at).rule().orElseThrow().action() == Action.Plain.COUNT;
      if (!counts && after.get(at).packets() != before.get(at).packets()) {
        deciders.add(at);
      }
    }
    return deciders;
  }

  private static int indexOf(List<NumberedRule> rules, NumberedRule wanted) {
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i) == wanted) {
        return i;
      }
    }
    throw new AssertionError(wanted);
  }

  private static Packet incoming(Packet p) {
    int fragment = p.fragment();
    int least = (p.isIpv6() ? 40 + 8 : 20) + 20;
    return new Packet(
        Condition.Direction.IN,
        "epair0a",
        "",
        p.protocol(),
        p.source(),
        p.destination(),
        p.sourcePort(),
        p.destinationPort(),
        p.tcpFlags(),
        p.icmpType(),
        Math.max(p.length(), least),
        p.ttl(),
        p.tos(),
        p.id(),
        p.window(),
        p.dataLength(),
        fragment);
  }

  /** Encodes the packet as it is on the wire. */
  private byte[] frame(Packet p) {
    ByteBuffer frame = ByteBuffer.allocate(14 + p.length());
    frame.put(mac.bytes()).put(new byte[] {2, 0, 0, 0, 0, 1});
    frame.putShort((short) (p.isIpv6() ? 0x86dd : 0x0800));
    if (p.isIpv6()) {
      frame.putInt(6 << 28 | p.tos() << 20).putShort((short) (p.length() - 40));
      frame.put((byte) (p.isLaterFragment() ? 44 : p.protocol())).put((byte) p.ttl());
      frame.put(p.source().getAddress()).put(p.destination().getAddress());
      if (p.isLaterFragment()) {
        frame.put((byte) p.protocol()).put((byte) 0).putShort((short) (5 << 3)).putInt(4711);
      }
    } else {
      frame.put((byte) 0x45).put((byte) p.tos()).putShort((short) p.length());
      int offset = p.isLaterFragment() ? 5 : 0;
      frame.putShort((short) p.id()).putShort((short) ((p.fragment() & 0xe0) << 8 | offset));
      frame.put((byte) p.ttl()).put((byte) p.protocol()).putShort((short) 0);
      frame.put(p.source().getAddress()).put(p.destination().getAddress());
      frame.putShort(24, checksum(frame));
    }
    switch (p.protocol()) {
      case 6 -> {
        frame.putShort((short) p.sourcePort()).putShort((short) p.destinationPort());
        frame.putLong(0).put((byte) 0x50).put((byte) p.tcpFlags()).putShort((short) p.window());
      }
      case 17 -> {
        frame.putShort((short) p.sourcePort()).putShort((short) p.destinationPort());
        frame.putShort((short) (p.length() - (frame.position() - 4 - 14))).putShort((short) 0);
      }
      default -> frame.put((byte) p.icmpType());
    }
    return frame.array();
  }

  private static short checksum(ByteBuffer frame) {
    int sum = 0;
    for (int at = 14; at < 34; at += 2) {
      sum += frame.getShort(at) & 0xffff;
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    return (short) ~((sum & 0xffff) + (sum >>> 16));
  }
}
