// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.util.Collection;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.vnet4j.Vnet;
import org.vnet4j.capture.Capture;
import org.vnet4j.capture.Filter;
import org.vnet4j.firewall.Ipf;
import org.vnet4j.firewall.Ipfw;
import org.vnet4j.firewall.Pf;
import org.vnet4j.probe.Ping;
import org.vnet4j.probe.PingAll;

/**
 * Creates the public objects that a driver backs, for {@link org.vnet4j.NetworkStack} and for tests
 * of a provider. Their constructors are not public, so that no signature outside this package names
 * one of its types. This class calls them by reflection, which needs no {@code opens} since they
 * are in the same module.
 */
public final class StackParts {
  private static final Maker<Vnet> VNET = new Maker<>(Vnet.class, Kernel.class);
  private static final Maker<Ipfw> IPFW = new Maker<>(Ipfw.class, Access.class);
  private static final Maker<Pf> PF = new Maker<>(Pf.class, Access.class);
  private static final Maker<Ipf> IPF = new Maker<>(Ipf.class, Access.class);
  private static final Maker<Ping> PING = new Maker<>(Ping.class, Function.class, String.class);
  private static final Maker<Ping> PING_ADDRESS =
      new Maker<>(Ping.class, Function.class, InetAddress.class);
  private static final Maker<PingAll> PING_ALL =
      new Maker<>(PingAll.class, Function.class, Collection.class);
  private static final Maker<Capture.Builder> CAPTURE =
      new Maker<>(Capture.Builder.class, String.class, BiFunction.class);

  private StackParts() {}

  /**
   * Creates a {@link Vnet} over an open kernel, for the tests of a provider.
   *
   * @param kernel the kernel; closing the result closes it
   * @return the entry point to its stacks
   */
  public static Vnet vnet(Kernel kernel) {
    return VNET.make(kernel);
  }

  /**
   * Creates the ipfw of a stack.
   *
   * @param access access to the stack's driver
   * @return the firewall
   */
  public static Ipfw ipfw(Access<IpfwDriver> access) {
    return IPFW.make(access);
  }

  /**
   * Creates the pf of a stack.
   *
   * @param access access to the stack's driver
   * @return the firewall
   */
  public static Pf pf(Access<PfDriver> access) {
    return PF.make(access);
  }

  /**
   * Creates the ipfilter of a stack.
   *
   * @param access access to the stack's driver
   * @return the firewall
   */
  public static Ipf ipf(Access<IpfDriver> access) {
    return IPF.make(access);
  }

  /**
   * Creates an ICMP echo probe.
   *
   * @param sockets opens an ICMP socket in the stack
   * @param destination an address, with a zone if it is link-local
   * @return the probe
   * @throws IllegalArgumentException if the text is not an address, or is link-local without a zone
   */
  public static Ping ping(
      Function<StandardProtocolFamily, IcmpSocket> sockets, String destination) {
    return PING.make(sockets, destination);
  }

  /**
   * Creates an ICMP echo probe.
   *
   * @param sockets opens an ICMP socket in the stack
   * @param destination an address that is not link-local
   * @return the probe
   * @throws IllegalArgumentException if it is link-local
   */
  public static Ping ping(
      Function<StandardProtocolFamily, IcmpSocket> sockets, InetAddress destination) {
    return PING_ADDRESS.make(sockets, destination);
  }

  /**
   * Creates an ICMP echo probe of many addresses.
   *
   * @param sockets opens an ICMP socket in the stack
   * @param destinations addresses without zones, at most 65535
   * @return the probe
   * @throws IllegalArgumentException if there are more than 65535
   */
  public static PingAll pingAll(
      Function<StandardProtocolFamily, IcmpSocket> sockets, Collection<InetAddress> destinations) {
    return PING_ALL.make(sockets, destinations);
  }

  /**
   * Creates the builder of a capture.
   *
   * @param name the interface
   * @param opener opens the source; takes the filter and the number of bytes to keep of a packet
   * @return a builder that ends in {@link Capture.Builder#start()}
   */
  public static Capture.Builder capture(
      String name, BiFunction<Filter, Integer, PacketSource> opener) {
    return CAPTURE.make(name, opener);
  }

  /**
   * A constructor that is not public. All are found when this class is initialized, so one that
   * does not exist any more is seen at the first use of any.
   */
  private static final class Maker<T> {
    private final Constructor<T> constructor;

    Maker(Class<T> part, Class<?>... parameters) {
      try {
        constructor = part.getDeclaredConstructor(parameters);
      } catch (NoSuchMethodException e) {
        throw new AssertionError(e);
      }
      constructor.setAccessible(true);
    }

    T make(Object... arguments) {
      try {
        return constructor.newInstance(arguments);
      } catch (InvocationTargetException e) {
        if (e.getCause() instanceof RuntimeException refusal) {
          throw refusal;
        }
        throw new AssertionError(e.getCause());
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(e);
      }
    }
  }
}
