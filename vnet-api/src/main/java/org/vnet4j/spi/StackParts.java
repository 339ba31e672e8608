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
 * Makes the objects of the model that stand on the seam, for a {@link org.vnet4j.NetworkStack} and
 * for tests of a provider. Their constructors are not public, so that no signature outside this
 * package names one of its types; they are in this module, so nothing need be opened to reach them.
 */
public final class StackParts {
  private StackParts() {}

  /**
   * Wraps a kernel that is open already: for providers' own tests.
   *
   * @param kernel the kernel; closed with the result
   * @return its stacks
   */
  public static Vnet vnet(Kernel kernel) {
    return make(constructor(Vnet.class, Kernel.class), kernel);
  }

  /**
   * Makes the ipfw of a stack.
   *
   * @param access the stack
   * @return the firewall
   */
  public static Ipfw ipfw(Access<IpfwDriver> access) {
    return make(constructor(Ipfw.class, Access.class), access);
  }

  /**
   * Makes the pf of a stack.
   *
   * @param access the stack
   * @return the firewall
   */
  public static Pf pf(Access<PfDriver> access) {
    return make(constructor(Pf.class, Access.class), access);
  }

  /**
   * Makes the ipfilter of a stack.
   *
   * @param access the stack
   * @return the firewall
   */
  public static Ipf ipf(Access<IpfDriver> access) {
    return make(constructor(Ipf.class, Access.class), access);
  }

  /**
   * Begins an ICMP echo probe.
   *
   * @param sockets opens an ICMP socket in the stack
   * @param destination an address, with a zone if it is link-local
   * @return the probe
   * @throws IllegalArgumentException if it is no address, or link-local without a zone
   */
  public static Ping ping(
      Function<StandardProtocolFamily, IcmpSocket> sockets, String destination) {
    return make(constructor(Ping.class, Function.class, String.class), sockets, destination);
  }

  /**
   * Begins an ICMP echo probe.
   *
   * @param sockets opens an ICMP socket in the stack
   * @param destination an address that is not link-local
   * @return the probe
   * @throws IllegalArgumentException if it is link-local
   */
  public static Ping ping(
      Function<StandardProtocolFamily, IcmpSocket> sockets, InetAddress destination) {
    return make(constructor(Ping.class, Function.class, InetAddress.class), sockets, destination);
  }

  /**
   * Begins an ICMP echo probe of many addresses.
   *
   * @param sockets opens an ICMP socket in the stack
   * @param destinations addresses without zones, at most 65535
   * @return the probe
   * @throws IllegalArgumentException if there are too many
   */
  public static PingAll pingAll(
      Function<StandardProtocolFamily, IcmpSocket> sockets, Collection<InetAddress> destinations) {
    return make(
        constructor(PingAll.class, Function.class, Collection.class), sockets, destinations);
  }

  /**
   * Begins a capture.
   *
   * @param name the interface
   * @param opener opens the source, given a filter and how many bytes of a packet are kept
   * @return a builder that ends in {@link Capture.Builder#start()}
   */
  public static Capture.Builder capture(
      String name, BiFunction<Filter, Integer, PacketSource> opener) {
    return make(constructor(Capture.Builder.class, String.class, BiFunction.class), name, opener);
  }

  private static <T> Constructor<T> constructor(Class<T> part, Class<?>... parameters) {
    try {
      Constructor<T> constructor = part.getDeclaredConstructor(parameters);
      constructor.setAccessible(true);
      return constructor;
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
  }

  private static <T> T make(Constructor<T> constructor, Object... arguments) {
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
