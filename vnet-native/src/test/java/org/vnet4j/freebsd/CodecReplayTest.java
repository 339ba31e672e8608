// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.vnet4j.KernelError;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.ioctl.BridgeCalls;
import org.vnet4j.freebsd.ioctl.BridgeMemberState;
import org.vnet4j.freebsd.ioctl.CloneCalls;
import org.vnet4j.freebsd.ioctl.GroupCalls;
import org.vnet4j.freebsd.ioctl.Ifreq;
import org.vnet4j.freebsd.ioctl.Inet6Abi;
import org.vnet4j.freebsd.ioctl.Inet6Calls;
import org.vnet4j.freebsd.ioctl.InetCalls;
import org.vnet4j.freebsd.ioctl.InterfaceAbi;
import org.vnet4j.freebsd.ioctl.InterfaceCalls;
import org.vnet4j.freebsd.ioctl.InterfaceData;
import org.vnet4j.freebsd.ioctl.LendCalls;
import org.vnet4j.freebsd.ioctl.LinkAddressCalls;
import org.vnet4j.freebsd.ioctl.ListCalls;
import org.vnet4j.freebsd.ioctl.VlanCalls;
import org.vnet4j.freebsd.jail.JailCalls;
import org.vnet4j.freebsd.jail.JailParameters;
import org.vnet4j.freebsd.route.RouteAbi;
import org.vnet4j.freebsd.route.RouteCodec;
import org.vnet4j.freebsd.route.RouteMessage;
import org.vnet4j.freebsd.route.RouteRequest;
import org.vnet4j.freebsd.sim.replay.Playback;
import org.vnet4j.freebsd.sim.replay.Recording;
import org.vnet4j.freebsd.sim.replay.Recording.Line;
import org.vnet4j.freebsd.sys.SocketAddress;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.MacAddress;
import org.vnet4j.posix.libc.Memory;

/**
 * Compares the codecs with a recording of FreeBSD 15.1: they must encode each request to the
 * recorded bytes, and decode each recorded answer.
 */
class CodecReplayTest {
  /** Recorded requests that this library never makes, with the reason. */
  private static final Map<String, String> NOT_OURS =
      Map.of(
          "SIOCIFCREATE", "the older form of SIOCIFCREATE2",
          "SIOCGIFADDR", "gives the first address only; SIOCGIFCONF lists all",
          "SIOCGIFNETMASK", "gives the first mask only; SIOCGIFALIAS asks for one",
          "SIOCGIFXMEDIA", "SIOCGIFMEDIA returns whether a link is there",
          "SIOCGIFGROUP", "the recording has names and no bytes; see the simulated kernel's tests",
          "SIOCIFGCLONERS",
              "the recording has names and no bytes; see the simulated kernel's tests",
          "SIOCGIFDESCR", "the recording has text and no bytes; see the simulated kernel's tests",
          "SIOCSIFDESCR", "the recording has text and no bytes; see the simulated kernel's tests");

  /** Lines of the trace with bytes that are zero in our requests, with the reason. */
  private static final Map<Integer, String> USED_AGAIN =
      Map.of(
          57, "the recorder's buffer still had the flags; the kernel only writes there",
          111, "the recorder's buffer still had the last answer; the kernel only writes there",
          171, "we have no use for BRDGPARAM",
          172, "the recorder's buffer; the kernel only writes there",
          173, "the recorder's buffer; the kernel only writes there");

  /** A line with a name of more than 15 bytes, which the library refuses without a system call. */
  private static final int TOO_LONG = 93;

  private final Map<String, Integer> compared = new TreeMap<>();

  @Test
  void every_recorded_ioctl_is_encoded_and_decoded_by_our_codec() {
    for (Line line : lines("ioctl")) {
      String request = line.text("req");
      if (!NOT_OURS.containsKey(request) && line.number() != 171) {
        Playback playback = new Playback(line);
        check(line, playback, () -> ioctl(line, kernel(playback)));
        checkSent(line, playback);
        String made = line.number() == TOO_LONG ? "" : Long.toString(line.request());
        assertThat(playback.request()).as(line.toString()).isEqualTo(made);
        compared.merge(request, 1, Integer::sum);
      }
    }
    assertThat(compared).hasSize(29);
    int all = lines("ioctl").size();
    assertThat(compared.values().stream().mapToInt(i -> i).sum()).isEqualTo(all - 29 - 1);
  }

  @Test
  void every_recorded_route_request_is_encoded_and_decoded_by_our_codec() {
    for (Line line : lines("route")) {
      Playback playback = new Playback(line);
      Memory request = route(line);
      assertThat(hex(request.toArray())).as(line.toString()).isEqualTo(line.text("in"));
      if (!line.failed()) {
        Memory answer = Memory.of(line.bytes("out"));
        List<RouteMessage> messages = RouteCodec.decode(answer, answer.size());
        assertThat(messages).hasSize(1);
        RouteMessage.Route route = (RouteMessage.Route) messages.get(0);
        assertThat(route.type()).isEqualTo(line.number("type"));
        assertThat(route.pid()).isEqualTo(125);
        assertThat(route.errno()).isZero();
        assertThat(route.seq()).isEqualTo(request.getInt(RouteAbi.RT_MSGHDR_RTM_SEQ));
      }
      compared.merge("route", 1, Integer::sum);
      assertThat(playback.sent()).isEmpty();
    }
    assertThat(compared.get("route")).isEqualTo(16);
  }

  @Test
  void every_recorded_jail_call_is_encoded_and_decoded_by_our_codec() {
    for (Line line : lines("jail_set", "jail_get")) {
      Playback playback = new Playback(line);
      JailParameters parameters = parameters(line);
      JailCalls calls = new JailCalls(kernel(playback));
      int flags = line.number("flags");
      boolean set = line.call().equals("jail_set");
      check(
          line,
          playback,
          () -> {
            int jid = set ? calls.set(flags, "x", parameters) : calls.get(flags, "x", parameters);
            assertThat(jid).isEqualTo(line.number("rc"));
          });
      assertThat(new String(playback.sent()))
          .as(line.toString())
          .isEqualTo(new String(Playback.recorded(line)));
      if (!set && !line.failed()) {
        line.json()
            .path("out")
            .forEach(
                out -> {
                  byte[] recorded = HexFormat.of().parseHex(out.path("value").asText());
                  byte[] read = parameters.getBytes(out.path("name").asText());
                  assertThat(Arrays.copyOf(read, recorded.length)).isEqualTo(recorded);
                });
      }
      compared.merge("jail", 1, Integer::sum);
    }
    assertThat(compared.get("jail")).isGreaterThan(40);
  }

  @Test
  void every_recorded_event_is_understood() {
    Map<String, Integer> kinds = new TreeMap<>();
    for (Line line : lines("event")) {
      Memory message = Memory.of(line.bytes("out"));
      List<RouteMessage> decoded = RouteCodec.decode(message, message.size());
      assertThat(decoded).hasSize(1);
      assertThat(decoded.get(0).type()).isEqualTo(line.number("type"));
      kinds.merge(decoded.get(0).getClass().getSimpleName(), 1, Integer::sum);
    }
    assertThat(kinds.keySet())
        .isEqualTo(Set.of("Route", "InterfaceChange", "InterfaceMove", "AddressChange"));
  }

  @Test
  void what_is_left_out_is_counted() {
    assertThat(NOT_OURS).hasSize(8);
    assertThat(USED_AGAIN).hasSize(5);
    assertThat(lines("ioctl").stream().filter(l -> NOT_OURS.containsKey(l.text("req"))).count())
        .isEqualTo(29);
  }

  private static List<Line> lines(String... calls) {
    List<Line> lines = new ArrayList<>(Recording.trace());
    lines.addAll(Recording.events());
    lines.removeIf(line -> !List.of(calls).contains(line.call()));
    return lines;
  }

  private static boolean usedAgain(Line line) {
    return line.file().equals("trace") && USED_AGAIN.containsKey(line.number());
  }

  private static Syscalls kernel(Playback playback) {
    return new Syscalls(playback.libc(), playback::errno);
  }

  private interface Call {
    void make() throws Exception;
  }

  /** Makes a call and compares its failure with the recorded error number and texts. */
  private static void check(Line line, Playback playback, Call call) {
    try {
      call.make();
      assertThat(line.failed()).as(line.toString()).isFalse();
    } catch (VnetException e) {
      if (line.number() == TOO_LONG) {
        assertThat(e).hasMessageContaining("longer than 15 bytes");
        return;
      }
      KernelError error = e.kernelError().orElseThrow(() -> e);
      assertThat(error.number()).as(line.toString()).isEqualTo(line.number("errno"));
      if (line.has("strerror")) {
        assertThat(error.text()).isEqualTo(line.text("strerror"));
      }
      assertThat(error.detail().orElse("")).isEqualTo(line.text("errmsg"));
    } catch (Exception e) {
      throw new AssertionError(line.toString(), e);
    }
  }

  private static void checkSent(Line line, Playback playback) {
    byte[] recorded = line.has("in") ? line.bytes("in") : new byte[0];
    boolean list = "BRDGGIFS".equals(line.text("cmd"));
    if (line.has("in") && !list && !usedAgain(line)) {
      assertThat(hex(playback.sent())).as(line.toString()).isEqualTo(hex(recorded));
    }
    if (line.has("to") && line.number() != TOO_LONG) {
      assertThat(new String(playback.sent())).isEqualTo(line.text("to") + "\0");
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static JailParameters parameters(Line line) {
    JailParameters parameters = JailParameters.create();
    line.json()
        .path("in")
        .forEach(
            in -> {
              String name = in.path("name").asText();
              int length = in.path("len").asInt();
              byte[] value = HexFormat.of().parseHex(in.path("value").asText());
              if (length == 0) {
                parameters.put(name, true);
              } else {
                parameters.put(name, Arrays.copyOf(value, length));
              }
            });
    return parameters;
  }

  private static String name(Line line) {
    byte[] in = line.bytes("in");
    Memory memory = Memory.of(in);
    return Ifreq.name(memory, 0);
  }

  private static InetAddress address(Line line, int at) {
    Memory memory = Memory.of(line.bytes("in"));
    return SocketAddress.get(memory, at).orElseThrow();
  }

  private static void ioctl(Line line, Syscalls kernel) throws Exception {
    InterfaceCalls interfaces = new InterfaceCalls(kernel);
    Memory in = line.has("in") ? Memory.of(line.bytes("in")) : Memory.allocate(32);
    int out = line.failed() || !line.has("out") ? 0 : value(line);
    switch (line.text("req")) {
      case "SIOCGIFFLAGS" -> assertThat(interfaces.flags(0, name(line))).isEqualTo(out);
      case "SIOCSIFFLAGS" -> interfaces.setFlags(0, name(line), in.getInt(16));
      case "SIOCGIFMTU" -> assertThat(interfaces.mtu(0, name(line))).isEqualTo(out);
      case "SIOCSIFMTU" -> interfaces.setMtu(0, name(line), in.getInt(16));
      case "SIOCGIFINDEX" -> assertThat(interfaces.index(0, name(line))).isEqualTo(out);
      case "SIOCGIFCAP" -> assertThat(interfaces.capabilities(0, name(line))).isEqualTo(0x60001b);
      case "SIOCGIFMEDIA" -> assertThat(interfaces.active(0, name(line))).contains(true);
      case "SIOCSIFNAME" -> interfaces.rename(0, line.text("ifname"), line.text("to"));
      case "SIOCGIFDATA" -> {
        InterfaceData data = interfaces.data(0, line.text("ifname"));
        assertThat(data.mtu()).isEqualTo(1500);
        assertThat(data.baudrate()).isEqualTo(10_000_000_000L);
        assertThat(data.linkState()).isEqualTo(InterfaceAbi.LINK_STATE_UP);
      }
      case "SIOCIFCREATE2" -> {
        String created = new CloneCalls(kernel).create(0, name(line));
        assertThat(created).startsWith(name(line));
      }
      case "SIOCIFDESTROY" -> new CloneCalls(kernel).destroy(0, name(line));
      case "SIOCSIFVNET" -> new LendCalls(kernel).give(0, name(line), in.getInt(16));
      case "SIOCSIFRVNET" -> new LendCalls(kernel).takeBack(0, name(line), in.getInt(16));
      case "SIOCSIFLLADDR" ->
          new LinkAddressCalls(kernel).set(0, name(line), MacAddress.of(in.get(18, 6)));
      case "SIOCGHWADDR" -> {
        MacAddress mac = new LinkAddressCalls(kernel).hardware(0, name(line));
        assertThat(mac.toString().replace(":", ""))
            .isEqualTo(hex(line.bytes("out")).substring(36, 48));
      }
      case "SIOCAIFGROUP" -> new GroupCalls(kernel).add(0, name(line), Ifreq.name(in, 24));
      case "SIOCDIFGROUP" -> new GroupCalls(kernel).delete(0, name(line), Ifreq.name(in, 24));
      case "SIOCAIFADDR" -> add(line, in, kernel);
      case "SIOCDIFADDR" -> new InetCalls(kernel).delete(0, name(line), address(line, 16));
      case "SIOCAIFADDR_IN6" -> {
        int prefix = SocketAddress.prefixLength(in, 72, true).orElseThrow();
        new Inet6Calls(kernel).add(0, name(line), new Cidr(address(line, 16), prefix), 0);
      }
      case "SIOCDIFADDR_IN6" -> new Inet6Calls(kernel).delete(0, name(line), address(line, 16));
      case "SIOCGIFAFLAG_IN6" ->
          assertThat(new Inet6Calls(kernel).flags(0, name(line), address(line, 16))).isEqualTo(out);
      case "SIOCGIFINFO_IN6" ->
          assertThat(new Inet6Calls(kernel).neighbourFlags(0, name(line)) & 0x21).isEqualTo(0x21);
      case "SIOCSIFINFO_FLAGS" -> setNeighbourFlags(line, in, kernel);
      case "SIOCGIFCONF" -> list(line, kernel);
      case "SIOCSETVLAN" -> {
        VlanCalls.Vlan vlan = VlanCalls.decode(in);
        new VlanCalls(kernel).set(0, line.text("ifname"), vlan.parent(), vlan.tag());
      }
      case "SIOCGETVLAN" ->
          assertThat(new VlanCalls(kernel).get(0, line.text("ifname")))
              .isEqualTo(new VlanCalls.Vlan("epair20a", 42, 0x8100));
      default -> driver(line, in, new BridgeCalls(kernel));
    }
  }

  private static int value(Line line) {
    Memory out = Memory.of(line.bytes("out"));
    return out.size() >= 20 ? out.getInt(16) : 0;
  }

  private static void add(Line line, Memory in, Syscalls kernel) {
    int prefix = SocketAddress.prefixLength(in, 48, false).orElseThrow();
    Cidr cidr = new Cidr(address(line, 16), prefix);
    boolean broadcast = SocketAddress.length(in, 32) > 0;
    new InetCalls(kernel).add(0, name(line), cidr, broadcast ? cidr.broadcast() : null);
  }

  /** The call first reads the flags that it changes; here both requests get the same answer. */
  private static void setNeighbourFlags(Line line, Memory in, Syscalls kernel) {
    int flags = in.getInt(Inet6Abi.IN6_NDIREQ_NDI + Inet6Abi.ND_IFINFO_FLAGS);
    new Inet6Calls(kernel).setNeighbourFlags(0, name(line), flags);
  }

  private static void list(Line line, Syscalls kernel) {
    List<ListCalls.ListedInterface> listed = new ListCalls(kernel).list(0);
    assertThat(listed.get(0).name()).isEqualTo("lo0");
    assertThat(listed.get(0).type()).isEqualTo(InterfaceAbi.IFT_LOOP);
    assertThat(listed.stream().map(ListCalls.ListedInterface::index)).doesNotHaveDuplicates();
    if (line.number() == 116) {
      assertThat(listed)
          .extracting(ListCalls.ListedInterface::name)
          .containsExactly("lo0", "epair0a", "epair0b");
      assertThat(listed.get(1).mac()).contains(MacAddress.parse("01:00:00:00:00:01"));
      assertThat(listed.get(1).addresses())
          .extracting(InetAddress::getHostAddress)
          .containsExactly("192.0.2.1", "203.0.113.9", "fe80:0:0:0:601c:c152:ec7c:7d64%4");
    }
  }

  private static void driver(Line line, Memory in, BridgeCalls bridges) {
    String bridge = line.text("ifname");
    switch (line.text("cmd")) {
      case "BRDGADD" -> bridges.add(0, bridge, name(line));
      case "BRDGDEL" -> bridges.delete(0, bridge, name(line));
      case "BRDGSIFFLGS" -> bridges.setMemberFlags(0, bridge, name(line), in.getInt(16));
      case "BRDGGIFFLGS" -> {
        BridgeMemberState state = bridges.member(0, bridge, name(line));
        assertThat(state).isEqualTo(new BridgeMemberState("epair5a", 7, 2000, 6, 128, 0, 5, 0));
      }
      case "BRDGGCACHE" -> assertThat(bridges.cacheSize(0, bridge)).isEqualTo(2000);
      case "BRDGGTO" -> assertThat(bridges.timeout(0, bridge)).isEqualTo(1200);
      case "BRDGGIFS" -> {
        // The next line has the list itself; its address is the recorder's.
        Memory list = Memory.of(Recording.trace().get(line.number()).bytes("ifbreq"));
        assertThat(BridgeMemberState.decode(list, 0).name()).isEqualTo("epair0b");
        assertThat(BridgeMemberState.decode(list, 80).flags()).isEqualTo(7);
        bridges.members(0, bridge);
      }
      default -> throw new AssertionError(line.toString());
    }
  }

  private static Memory route(Line line) {
    Memory in = Memory.of(line.bytes("in"));
    RouteMessage.Route asked = (RouteMessage.Route) RouteCodec.decode(in, in.size()).get(0);
    int prefix = asked.prefixLength().orElse(32);
    Cidr destination = new Cidr(asked.destination(), prefix);
    int seq = asked.seq();
    return switch (asked.type()) {
      case RouteAbi.RTM_ADD -> RouteRequest.add(destination, asked.gateway().orElseThrow(), seq);
      case RouteAbi.RTM_CHANGE ->
          RouteRequest.change(destination, asked.gateway().orElseThrow(), seq);
      case RouteAbi.RTM_DELETE -> RouteRequest.delete(destination, seq);
      default -> RouteRequest.get(asked.destination(), seq);
    };
  }
}
