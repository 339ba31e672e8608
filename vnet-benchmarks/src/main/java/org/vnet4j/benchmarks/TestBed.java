// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.vnet4j.Bridge;
import org.vnet4j.Host;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.Ipfw;

/** A sandbox in which an operation is measured, and the things prepared in it. */
@State(Scope.Benchmark)
public class TestBed {
  Vnet vnet = Vnet.sandbox();
  Host host = vnet.host();

  /** Closes the sandbox with everything in it. */
  @TearDown
  public void close() {
    vnet.close();
  }

  /** An epair with an address at one end. */
  public static class Cable extends TestBed {
    NetInterface a = host.epair().create().a().inet("192.0.2.1/24").up();
  }

  /** Many interfaces, including the loopback interface. */
  public static class Interfaces extends TestBed {
    /** The number of interfaces. */
    @Param({"10", "100", "1000"})
    int size;

    static Interfaces of(int size) {
      Interfaces made = new Interfaces();
      made.size = size;
      made.create();
      return made;
    }

    /** Creates them, two at a time. */
    @Setup
    public void create() {
      for (int i = 0; i < size / 2; i++) {
        host.epair().create();
      }
    }
  }

  /** An epair, and a jail to which its end b is not yet lent. */
  public static class Lent extends TestBed {
    NetInterface b = host.epair().create().b();
    Jail jail = host.jail("jail").create();
  }

  /** A bridge, and an epair that is not a member. */
  public static class Switch extends TestBed {
    NetInterface a = host.epair().create().a();
    Bridge bridge = host.bridge().create();
  }

  /** An epair with its other end in a jail, and addresses at both ends. */
  public static class Neighbour extends TestBed {
    Jail jail = host.jail("jail").create();

    static Neighbour connected() {
      Neighbour made = new Neighbour();
      made.connect();
      return made;
    }

    /** Connects the two stacks, and waits until the jail replies: a new epair may lose packets. */
    @Setup
    public void connect() {
      var cable = host.epair().vnet(jail).create();
      cable.b().inet("192.0.2.2/24").up();
      cable.a().inet("192.0.2.1/24").up();
      for (int tries = 0; !host.ping("192.0.2.2").count(1).run().isAnswered(); tries++) {
        if (tries == 5) {
          throw new IllegalStateException("192.0.2.2 does not answer");
        }
      }
    }
  }

  /** A jail with a firewall that has no rules yet. */
  public static class Firewall extends TestBed {
    static final String RULE = "100 deny tcp from 192.0.2.1 to any 22";

    Jail jail = jail(this);
    Ipfw ipfw = jail.ipfw();

    private static Jail jail(TestBed ground) {
      ground.vnet.modules().loadIpfw(Action.Plain.ALLOW);
      return ground.host.jail("jail").create();
    }
  }

  /** A jail with a firewall, and two texts of many rules each that have no rule in common. */
  public static class Rules extends Firewall {
    /** The number of rules of each. */
    @Param("1000")
    int size;

    private String text = "";
    private String other = "";

    static Rules of(int size) {
      Rules made = new Rules();
      made.size = size;
      made.write();
      return made;
    }

    /** Writes the texts. */
    @Setup
    public void write() {
      text = rules(0);
      other = rules(1);
    }

    private String rules(int net) {
      StringBuilder out = new StringBuilder();
      for (int i = 0; i < size; i++) {
        String source = "10." + net + "." + i / 256 + "." + i % 256;
        out.append("add ").append(i + 1).append(" deny tcp from ").append(source);
        out.append(" to any 22\n");
      }
      return out.toString();
    }

    String next() {
      String next = text;
      text = other;
      other = next;
      return next;
    }
  }
}
