// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.examples;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.vnet4j.DhcpLease;
import org.vnet4j.Jail;
import org.vnet4j.NetworkStack;
import org.vnet4j.Vnet;
import org.vnet4j.topology.Link;
import org.vnet4j.topology.Network;
import org.vnet4j.topology.Topology;

/**
 * A DHCP and DNS laboratory: dnsmasq in one stack serves two others at a switch, which run the
 * system's DHCP client. Needs dnsmasq, and dhclient, udhcpc or dhcpcd.
 */
public final class DhcpAndDns {
  private DhcpAndDns() {}

  /**
   * Runs the example.
   *
   * @param args none
   * @throws IOException if a name is not found
   * @throws InterruptedException if the thread is interrupted
   */
  public static void main(String... args) throws IOException, InterruptedException {
    Topology lab =
        Topology.named("lab")
            .switches("sw")
            .hosts("server", "ann", "bob")
            .link(Link.between("server", "sw").a(end -> end.address("10.0.0.1/24")))
            .link("ann", "sw")
            .link("bob", "sw")
            .build();
    try (Vnet vnet = Vnet.sandbox()) {
      Network network = lab.apply(vnet);
      Process dnsmasq =
          network
              .node("server")
              .exec(
                  "dnsmasq",
                  "--keep-in-foreground",
                  "--conf-file=/dev/null",
                  "--user=",
                  "--group=",
                  "--pid-file=",
                  "--no-resolv",
                  "--no-hosts",
                  "--leasefile-ro",
                  "--dhcp-authoritative",
                  "--dhcp-range=10.0.0.50,10.0.0.60,255.255.255.0,1h",
                  "--host-record=printer.lab,10.0.0.9")
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
      try {
        for (String name : new String[] {"ann", "bob"}) {
          Jail jail = network.node(name);
          DhcpLease lease = jail.dhcp(jail.iface("to-sw"));
          System.out.println(name + " got " + lease.address());
          System.out.println(name + " asks for printer.lab: " + resolve(jail, "printer.lab"));
        }
      } finally {
        dnsmasq.destroy();
        dnsmasq.waitFor();
      }
    }
  }

  /** Queries the IPv4 address of a name, from a stack. See RFC 1035. */
  private static String resolve(NetworkStack stack, String name) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream query = new DataOutputStream(bytes);
    for (int word : new int[] {4711, 0x0100, 1, 0, 0, 0}) { // one question, recursion desired
      query.writeShort(word);
    }
    for (String label : name.split("\\.")) {
      query.writeByte(label.length());
      query.write(label.getBytes(StandardCharsets.US_ASCII));
    }
    query.writeByte(0);
    query.writeShort(1); // type A
    query.writeShort(1); // class IN
    try (DatagramChannel udp = stack.sockets().udp()) {
      udp.connect(new InetSocketAddress("10.0.0.1", 53));
      udp.write(ByteBuffer.wrap(bytes.toByteArray()));
      ByteBuffer answer = ByteBuffer.allocate(512);
      udp.socket().setSoTimeout(2000);
      int length = receive(udp, answer);
      // The only answer is the last record: its four bytes of address end the message.
      byte[] address = Arrays.copyOfRange(answer.array(), length - 4, length);
      return answer.getShort(6) == 1 ? InetAddress.getByAddress(address).getHostAddress() : "none";
    }
  }

  private static int receive(DatagramChannel udp, ByteBuffer answer) throws IOException {
    java.net.DatagramPacket packet = new java.net.DatagramPacket(answer.array(), answer.capacity());
    udp.socket().receive(packet);
    return packet.getLength();
  }
}
