// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstances;
import org.vnet4j.Capability;
import org.vnet4j.Epair;
import org.vnet4j.Host;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.NetworkStack;
import org.vnet4j.Route;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.TestKernel;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.InterfaceKind;
import org.vnet4j.probe.PingResult;

/**
 * Base of all topics: opens a sandbox for each test, checks that the test left nothing, and has the
 * helpers that tests share.
 */
@Timeout(240)
@ExtendWith(Contract.OnGround.class)
public abstract class Contract {
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final AtomicBoolean WARM = new AtomicBoolean();

  /** The sandbox of this test. */
  protected Vnet vnet;

  /** The host stack of the sandbox. */
  protected Host host;

  private TestKernel ground;
  private Set<String> before;
  private int cables;

  /** Opens another sandbox on the same kernel. */
  protected final Vnet sandbox(Capability... without) {
    return ground.sandbox(without);
  }

  /** Returns whether packets and processes are real. */
  protected final boolean carriesTraffic() {
    return ground.carriesTraffic();
  }

  @BeforeEach
  protected final void open_a_sandbox() throws IOException {
    if (WARM.compareAndSet(false, true)) {
      sandbox().close(); // a first use loads parts that stay,
      SocketChannel.open().close(); // and java.nio keeps a descriptor open
    }
    before = Set.copyOf(ground.leftovers());
    vnet = sandbox();
    host = vnet.host();
  }

  @AfterEach
  protected final void close_it_and_see_that_nothing_is_left() throws InterruptedException {
    if (vnet != null) {
      vnet.close();
    }
    if (before == null) {
      return;
    }
    long deadline = System.nanoTime() + GRACE.toNanos();
    Set<String> left = left();
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(20);
      left = left();
    }
    assertThat(left).as("left behind").isEmpty();
  }

  private Set<String> left() {
    Set<String> left = new TreeSet<>(ground.leftovers());
    left.removeAll(before);
    return left;
  }

  // ---- requirements of a test

  protected final void needs(Capability... capabilities) {
    for (Capability capability : capabilities) {
      assumeTrue(vnet.has(capability), () -> vnet.kernelVersion() + " has no " + capability);
    }
  }

  protected final void needsTraffic() {
    assumeTrue(carriesTraffic(), "this simulated kernel has no sockets and no programs");
  }

  protected final boolean keepsTime() {
    return ground.keepsTime();
  }

  protected final void needsTime() {
    assumeTrue(ground.keepsTime(), "this simulated kernel sends at no rate");
  }

  // ---- objects to create

  /** Makes a jail on the host that is removed with the sandbox. */
  protected final Jail jail(String name) {
    return host.jail(name).create();
  }

  /** Creates an epair from one stack to another; both ends are down. */
  protected final Epair cable(NetworkStack left, NetworkStack right) {
    String name = "c" + cables++;
    return left.epair().names(name + "a", name + "b").vnet(right).create();
  }

  /** Creates an epair, adds addresses to its ends and sets them up. */
  protected final Epair cable(
      NetworkStack left, NetworkStack right, String leftCidr, String rightCidr) {
    Epair cable = cable(left, right);
    address(cable.a(), leftCidr).up();
    address(cable.b(), rightCidr).up();
    return cable;
  }

  protected static NetInterface address(NetInterface iface, String cidr) {
    return cidr.indexOf(':') < 0 ? iface.inet(cidr) : iface.inet6(cidr);
  }

  /** Sets the loopback interface of a stack up, with its usual address. */
  protected static NetInterface loopback(NetworkStack stack) {
    NetInterface lo =
        stack.interfaces().stream()
            .filter(iface -> iface.info().kind() == InterfaceKind.LOOPBACK)
            .findFirst()
            .orElseThrow();
    return lo.inet("127.0.0.1/8").up();
  }

  // ---- checks

  protected static List<String> names(NetworkStack stack) {
    return stack.ifconfig().stream().map(InterfaceInfo::name).toList();
  }

  /** Asserts that a stack gets an answer from an address, as soon as the link is ready. */
  protected static void reaches(NetworkStack from, String address) {
    long deadline = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    PingResult result;
    do {
      result = from.ping(address).count(1).timeout(Duration.ofMillis(500)).run();
    } while (!result.isAnswered() && System.nanoTime() < deadline);
    assertThat(result.isAnswered()).as("%s pings %s: %s", from.name(), address, result).isTrue();
  }

  /** Asserts that a stack gets no answer from an address. */
  protected static void doesNotReach(NetworkStack from, String address) {
    PingResult result = from.ping(address).count(1).timeout(Duration.ofMillis(300)).run();
    assertThat(result.received()).as("%s pings %s: %s", from.name(), address, result).isZero();
  }

  /** Describes all that the sandbox contains: jails, interfaces, routes. */
  protected final String picture() {
    String jails = vnet.jls().stream().map(Object::toString).collect(Collectors.joining("\n"));
    StringBuilder text = new StringBuilder(jails).append('\n').append(stack(host));
    vnet.jails().forEach(jail -> text.append(stack(jail)));
    return text.toString();
  }

  private static String stack(NetworkStack stack) {
    StringBuilder text = new StringBuilder("--- ").append(stack.name()).append('\n');
    stack.ifconfig().forEach(info -> text.append(lasting(info)).append('\n'));
    for (Route route : stack.routes().list()) {
      if (!route.destination().address().isLinkLocalAddress()) {
        text.append(route).append('\n');
      }
    }
    return text.toString();
  }

  /**
   * Describes the lasting properties of an interface. It omits link-local addresses and the
   * carrier, which the kernel sets some time later.
   */
  private static String lasting(InterfaceInfo info) {
    List<Cidr> addresses =
        info.addresses().stream().filter(cidr -> !cidr.address().isLinkLocalAddress()).toList();
    return String.join(
        " ",
        info.name(),
        info.kind().toString(),
        info.isUp() ? "up" : "down",
        Integer.toString(info.mtu()),
        info.lladdr().toString(),
        addresses.toString(),
        info.bridge().toString(),
        info.text());
  }

  /** Asserts that an action fails with an error that names its subjects, and changes nothing. */
  protected final <E extends Throwable> E refused(
      Class<E> type, ThrowingCallable action, String... subjects) {
    String was = picture();
    AtomicBoolean happened = new AtomicBoolean();
    E error =
        catchThrowableOfType(
            type,
            () -> {
              action.call();
              happened.set(true);
            });
    assertThat(happened).as("it happened, where %s was expected", type.getSimpleName()).isFalse();
    assertThat(error.getMessage()).contains(subjects);
    assertThat(picture()).isEqualTo(was);
    return error;
  }

  /** Gives a contract the kernel it tests, before anything of the test runs. */
  static final class OnGround implements BeforeEachCallback {
    @Override
    public void beforeEach(ExtensionContext context) {
      TestInstances instances = context.getRequiredTestInstances();
      Contract contract = instances.findInstance(Contract.class).orElseThrow();
      contract.ground = instances.findInstance(TestKernel.class).orElseThrow();
    }
  }
}
