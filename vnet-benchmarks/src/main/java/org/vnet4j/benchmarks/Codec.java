// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import static org.vnet4j.linux.netlink.Netlink.HEADER;
import static org.vnet4j.linux.rtnetlink.Rtnetlink.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.vnet4j.linux.netlink.NetlinkWriter;
import org.vnet4j.linux.rtnetlink.AddressMessages;
import org.vnet4j.linux.rtnetlink.LinkMessage;
import org.vnet4j.linux.rtnetlink.LinkRequests;
import org.vnet4j.linux.rtnetlink.LinkState;
import org.vnet4j.net.Cidr;

/**
 * Benchmarks of the netlink codec without a kernel, one message each. Measured with {@code -prof
 * gc}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Codec {
  private static final String ALIAS = "[vnet4j made home=0 by=vnet4j/4711/815]";

  private final NetlinkWriter out = writer();
  private final NetlinkWriter link = writer();
  private final NetlinkWriter address = writer();
  private final LinkMessage message = new LinkMessage();
  private final Cidr cidr = Cidr.parse("192.0.2.2/24");

  private static NetlinkWriter writer() {
    return new NetlinkWriter(ByteBuffer.allocateDirect(4096).order(ByteOrder.nativeOrder()));
  }

  /** Encodes the messages to decode: those that a kernel sends about one end of an epair. */
  @Setup
  public void encode() {
    link.begin(RTM_NEWLINK, 0).u32(0).u32(2).u32(0x1043).u32(0);
    link.attribute(IFLA_IFNAME, "epair0a").attribute(IFLA_MTU, 1500);
    link.attribute8(IFLA_OPERSTATE, 6).attribute(IFLA_ADDRESS, new byte[6]);
    link.attribute(IFLA_IFALIAS, ALIAS);
    int info = link.open(IFLA_LINKINFO);
    link.attribute(IFLA_INFO_KIND, "veth").close(info).end();
    AddressMessages.add(address, 2, cidr);
  }

  /**
   * Encodes the request for one link.
   *
   * @return its length
   */
  @Benchmark
  public int encodeGetLink() {
    LinkRequests.get(out.clear(), "epair0a");
    return out.length();
  }

  /**
   * Encodes the request for an epair.
   *
   * @return its length
   */
  @Benchmark
  public int encodeCreateEpair() {
    return LinkRequests.createVeth(out.clear(), 0, "epair0a", "epair0b", true, 4711);
  }

  /**
   * Encodes a new description.
   *
   * @return its length
   */
  @Benchmark
  public int encodeDescription() {
    LinkRequests.alias(out.clear(), "epair0a", ALIAS);
    return out.length();
  }

  /**
   * Encodes a new address.
   *
   * @return its length
   */
  @Benchmark
  public int encodeAddAddress() {
    AddressMessages.add(out.clear(), 2, cidr);
    return out.length();
  }

  /**
   * Encodes the request to bring a link up.
   *
   * @return its length
   */
  @Benchmark
  public int encodeUp() {
    LinkRequests.up(out.clear(), "epair0a", true);
    return out.length();
  }

  /**
   * Decodes all attributes of a link in place.
   *
   * @return its number
   */
  @Benchmark
  public int decodeLink() {
    return message.read(link.buffer(), HEADER, link.length()).index();
  }

  /**
   * Decodes a link and creates the result object.
   *
   * @return the link
   */
  @Benchmark
  public LinkState decodeLinkToObject() {
    return message.read(link.buffer(), HEADER, link.length()).link(link.buffer());
  }

  /**
   * Decodes an address and creates the result object.
   *
   * @return the address
   */
  @Benchmark
  public @Nullable Cidr decodeAddressToObject() {
    return AddressMessages.decode(address.buffer(), HEADER, address.length());
  }
}
