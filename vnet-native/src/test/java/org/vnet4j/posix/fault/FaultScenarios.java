// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.fault;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.vnet4j.Bridge;
import org.vnet4j.Capability;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.NetworkStack;
import org.vnet4j.Vnet;
import org.vnet4j.capture.Capture;
import org.vnet4j.net.MacAddress;
import org.vnet4j.probe.PingResult;

/** The scenarios that run while system calls fail: a few steps each, always the same. */
public final class FaultScenarios {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private FaultScenarios() {}

  /** A Vnet, and the handles that the steps created. */
  public static final class Run {
    /** The Vnet on which the steps work. */
    public final Vnet vnet;

    /** The handles that the steps created. */
    public final Map<String, Object> handles = new LinkedHashMap<>();

    /** Starts without handles. */
    public Run(Vnet vnet) {
      this.vnet = vnet;
    }

    <T> T keep(String name, T handle) {
      handles.put(name, handle);
      return handle;
    }

    <T> T get(String name, Class<T> type) {
      return type.cast(handles.get(name));
    }

    NetInterface end(String name) {
      return get(name, NetInterface.class);
    }

    Jail jail(String name) {
      return get(name, Jail.class);
    }

    void cable(NetworkStack in, String a, String b) {
      Epair cable = in.epair().names(a, b).create();
      keep(a, cable.a());
      keep(b, cable.b());
    }
  }

  /**
   * One action of a user, which takes effect in full or not at all. Its result is always the same.
   */
  public interface Step {
    /** Does the action. */
    Object run(Run run) throws IOException;
  }

  /** Removes a jail. A failure may leave part of it removed; the step is then repeated. */
  public record Removal(String jail) implements Step {
    @Override
    public Object run(Run run) {
      run.jail(jail).remove();
      return "";
    }
  }

  /** A step without a result. */
  interface Deed {
    void run(Run run) throws IOException;
  }

  static Step step(Deed deed) {
    return run -> {
      deed.run(run);
      return "";
    };
  }

  /** Returns all scenarios by name. */
  public static Map<String, List<Step>> all() {
    Map<String, List<Step>> all = new LinkedHashMap<>();
    all.put("open", List.of(step(run -> {})));
    all.put("jail", jail());
    all.put("nested", nested());
    all.put("moves", moves());
    all.put("bridge", bridge());
    all.put("addresses", addresses());
    all.put("routes", routes());
    all.put("kinds", kinds());
    all.put("listing", listing());
    all.put("exec", exec());
    all.put("sockets", sockets());
    all.put("captures", captures());
    all.putAll(FirewallScenarios.all());
    all.putAll(NetworkScenarios.all());
    return all;
  }

  private static List<Step> jail() {
    return List.of(
        step(run -> run.cable(run.vnet.host(), "left", "right")),
        step(
            run ->
                run.keep(
                    "web",
                    run.vnet.host().jail("web").hostname("www").vnet(run.end("right")).create())),
        step(run -> run.end("right").inet("192.0.2.2/24")),
        step(run -> run.jail("web").hostname("other")),
        new Removal("web"),
        step(run -> run.end("left").destroy()));
  }

  private static List<Step> nested() {
    return List.of(
        step(run -> run.keep("outer", run.vnet.host().jail("outer").childrenMax(2).create())),
        step(run -> run.cable(run.jail("outer"), "left", "right")),
        step(
            run ->
                run.keep("inner", run.jail("outer").jail("inner").vnet(run.end("right")).create())),
        step(run -> run.keep("second", run.jail("outer").jail("second").create())),
        new Removal("inner"),
        new Removal("outer"));
  }

  private static List<Step> moves() {
    return List.of(
        step(run -> run.keep("one", run.vnet.host().jail("one").create())),
        step(run -> run.keep("two", run.vnet.host().jail("two").create())),
        step(run -> run.cable(run.vnet.host(), "left", "right")),
        step(run -> run.end("right").vnet(run.jail("one"))),
        step(run -> run.end("right").vnet(run.jail("two"))),
        step(run -> run.end("right").reclaim()),
        step(
            run -> {
              Epair made = run.vnet.host().epair().names("c", "d").vnet(run.jail("one")).create();
              run.keep("c", made.a());
              run.keep("d", made.b());
            }));
  }

  private static List<Step> bridge() {
    return List.of(
        step(run -> run.keep("bridge", run.vnet.host().bridge().create())),
        step(run -> run.cable(run.vnet.host(), "left", "right")),
        step(run -> run.get("bridge", Bridge.class).add(run.end("left"))),
        step(run -> run.get("bridge", Bridge.class).stp(true)),
        step(run -> run.get("bridge", Bridge.class).up()),
        run -> run.get("bridge", Bridge.class).members().size(),
        run -> run.get("bridge", Bridge.class).learned(),
        step(run -> run.get("bridge", Bridge.class).delete(run.end("left"))),
        step(run -> run.get("bridge", Bridge.class).destroy()));
  }

  private static List<Step> addresses() {
    MacAddress address = MacAddress.parse("02:00:00:00:00:0a");
    return List.of(
        step(run -> run.cable(run.vnet.host(), "left", "right")),
        step(run -> run.end("left").inet("192.0.2.1/24")),
        step(run -> run.end("left").inet("192.0.2.3/24")),
        step(run -> run.end("left").inet6("2001:db8::1/64")),
        step(run -> run.end("left").mtu(1400)),
        step(run -> run.end("left").lladdr(address)),
        step(run -> run.end("left").description("uplink")),
        step(run -> run.end("left").up()),
        step(run -> run.end("left").deleteAddress("192.0.2.1/24")),
        step(run -> run.end("left").rename("wan")),
        run -> run.end("left").counters().bytesIn() >= 0,
        step(run -> run.end("left").down()));
  }

  private static List<Step> routes() {
    return List.of(
        step(run -> run.cable(run.vnet.host(), "left", "right")),
        step(run -> run.end("left").inet("192.0.2.1/24")),
        step(run -> run.end("left").up()),
        step(run -> run.end("right").up()),
        step(run -> run.vnet.host().routes().add("198.51.100.0/24", "192.0.2.9")),
        run ->
            run.vnet.host().routes().list().stream().filter(r -> r.gateway().isPresent()).toList(),
        step(run -> run.vnet.host().routes().delete("198.51.100.0/24")),
        step(run -> run.vnet.host().forwarding(true)),
        run -> run.vnet.host().forwarding());
  }

  private static List<Step> kinds() {
    return List.of(
        step(run -> run.keep("vxlan", run.vnet.host().vxlan(7, "192.0.2.1", "192.0.2.2").create())),
        step(run -> run.get("vxlan", NetInterface.class).destroy()),
        step(run -> run.keep("gre", gre(run.vnet))),
        step(run -> run.get("gre", NetInterface.class).destroy()),
        step(run -> run.keep("tap", tap(run.vnet))),
        step(run -> run.get("tap", NetInterface.class).destroy()));
  }

  /** Creates a gre; a bridge where the kernel has no gre. */
  private static NetInterface gre(Vnet vnet) {
    return vnet.has(Capability.GRE)
        ? vnet.host().gre("192.0.2.1", "192.0.2.2").key(7).create()
        : vnet.host().bridge().name("nogre").create();
  }

  /** Creates a tap; a bridge where this user may not create a tap. */
  private static NetInterface tap(Vnet vnet) {
    return vnet.has(Capability.TAP)
        ? vnet.host().tap().create()
        : vnet.host().bridge().name("notap").create();
  }

  private static List<Step> listing() {
    return List.of(
        step(run -> run.keep("web", run.vnet.host().jail("web").create())),
        step(run -> run.cable(run.jail("web"), "left", "right")),
        run -> run.vnet.jls().size(),
        run -> run.jail("web").ifconfig().size(),
        run -> run.jail("web").interfaces().stream().map(NetInterface::name).toList(),
        run -> new TreeSet<>(run.vnet.capabilities()),
        run -> run.end("left").info().kind(),
        run -> run.vnet.findJail("web").isPresent());
  }

  private static List<Step> exec() {
    return List.of(
        step(run -> run.keep("web", run.vnet.host().jail("web").hostname("www").create())),
        run -> run.jail("web").exec("uname", "-n").run(PATIENCE),
        run -> run.jail("web").exec("sh", "-c", "echo oops >&2; exit 7").run(PATIENCE),
        run -> {
          Process sleeper = run.jail("web").exec("sleep", "1000").start();
          sleeper.destroyForcibly();
          return "";
        },
        run -> ping(run));
  }

  /** Pings. The result reports a packet that could not be sent. */
  private static boolean ping(Run run) {
    PingResult result = run.vnet.host().ping("127.0.0.1").count(1).timeout(PATIENCE).run();
    return result.received() == 1 || result.toString().contains("No buffer space");
  }

  private static List<Step> sockets() {
    return List.of(
        step(run -> run.keep("web", run.vnet.host().jail("web").create())),
        step(run -> run.jail("web").iface("lo").up()),
        run -> {
          try (ServerSocketChannel server = run.jail("web").sockets().listen("127.0.0.1", 80);
              SocketChannel client = run.jail("web").sockets().connect("127.0.0.1", 80, PATIENCE);
              SocketChannel accepted = server.accept()) {
            return client.isConnected() && accepted.isConnected();
          }
        },
        run -> {
          run.jail("web").sockets().bind("127.0.0.1", 53).close();
          return "";
        });
  }

  private static List<Step> captures() {
    return List.of(
        step(run -> run.keep("web", run.vnet.host().jail("web").create())),
        step(run -> run.cable(run.jail("web"), "left", "right")),
        run -> {
          try (Capture capture = run.end("left").capture().duration(Duration.ofMillis(1)).start()) {
            return capture.next() == null && capture.drops() == 0;
          }
        },
        new Removal("web"));
  }

  /**
   * Describes all that a Vnet contains, without what differs each time: numbers, random addresses.
   *
   * @param scenario the scenario; for some the description has more
   */
  public static String picture(String scenario, Vnet vnet) {
    Function<NetworkStack, String> more =
        FirewallScenarios.isOne(scenario)
            ? stack -> FirewallScenarios.picture(scenario, vnet, stack)
            : scenario.equals("shaping") ? NetworkScenarios::shaping : stack -> "";
    StringBuilder text = new StringBuilder(stack(vnet.host()) + more.apply(vnet.host()));
    vnet.jls().stream()
        .sorted((one, other) -> one.name().compareTo(other.name()))
        .forEach(
            jail -> {
              NetworkStack stack = vnet.findJail(jail.name()).orElseThrow();
              text.append("jail " + jail.name() + " " + jail.hostname() + jail.childrenMax())
                  .append(stack(stack))
                  .append(more.apply(stack));
            });
    return text.toString();
  }

  private static String stack(NetworkStack stack) {
    String interfaces =
        stack.ifconfig().stream()
            .map(
                i ->
                    String.join(
                        " ",
                        i.name(),
                        i.kind().toString(),
                        Integer.toString(i.mtu()),
                        (i.rawFlags() & 1) != 0 ? "up" : "down",
                        i.addresses().stream()
                            .map(Object::toString)
                            .filter(address -> !address.startsWith("fe80"))
                            .toList()
                            .toString(),
                        i.bridge().toString(),
                        i.text()))
            .sorted()
            .collect(Collectors.joining("\n  ", "\n  ", "\n"));
    String routes =
        stack.routes().list().stream()
            .filter(route -> !route.destination().isIpv6())
            .map(Object::toString)
            .sorted()
            .collect(Collectors.joining("\n  ", "  ", "\n"));
    return interfaces + routes + "  forwarding " + stack.forwarding() + "\n";
  }
}
