// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnet4j.Capability;
import org.vnet4j.Host;
import org.vnet4j.Jail;
import org.vnet4j.NetworkStack;
import org.vnet4j.Vnet;
import org.vnet4j.topology.Network;
import org.vnet4j.topology.Topologies;
import org.vnet4j.topology.Topology;

/** Sample tests as users write them; the tests of the extension run them, never JUnit by itself. */
final class Samples {
  /** The sandboxes of the tests. */
  static final Queue<Vnet> SEEN = new ConcurrentLinkedQueue<>();

  static final Topology LAB =
      Topology.named("lab").hosts("web", "db").link("web", "db").build().addressed("10.0.0.0/16");

  private Samples() {}

  @VnetTest(topology = "lab")
  static class Whole {
    private int jails;

    static Topology lab() {
      return LAB;
    }

    @BeforeEach
    void before(Vnet vnet) {
      SEEN.add(vnet);
      jails = vnet.jls().size();
    }

    @AfterEach
    void after(Vnet vnet) {
      assertThat(vnet.jls()).hasSize(jails);
    }

    @Test
    void everything_is_a_parameter(
        Vnet vnet,
        Host host,
        Network network,
        Topology topology,
        @Node("web") Jail web,
        @Node("db") NetworkStack db) {
      assertThat(host).isSameAs(vnet.host());
      assertThat(network.topology()).isEqualTo(topology).isEqualTo(LAB);
      assertThat(web.name()).isEqualTo("lab.web");
      assertThat(db.name()).isEqualTo("lab.db");
      assertThat(network.pingAll().isComplete()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "db"})
    void parameters_of_others_go_with_ours(String node, Network network) {
      assertThat(network.node(node).exists()).isTrue();
    }

    @VnetTest(topology = "org.vnet4j.junit.Samples#line")
    void a_method_may_have_another_topology(Network network) {
      assertThat(network.topology().name()).isEqualTo("line");
    }

    @VnetTest
    void or_that_of_its_class(Network network) {
      assertThat(network.topology().name()).isEqualTo("lab");
    }

    @Nested
    class Inside {
      @Test
      void a_nested_class_has_it_too(@Node("web") Jail web) {
        assertThat(web.exists()).isTrue();
      }
    }
  }

  static Topology line() {
    return Topologies.line("line", 3);
  }

  static class Alone {
    @VnetTest
    void a_method_alone_is_a_test(Vnet vnet) {
      SEEN.add(vnet);
      vnet.host().jail("left-behind").persist().create();
    }

    @VnetTest(file = "lab.yaml")
    void a_topology_may_be_in_a_resource(Topology topology) {
      assertThat(topology).isEqualTo(LAB);
    }

    @VnetTest(file = "../docs/examples/office.yaml")
    void or_in_a_file(Network network) {
      assertThat(network.node("web").exists()).isTrue();
    }
  }

  @VnetTest(topology = "org.vnet4j.junit.Samples#LAB")
  static class Parallel {
    static final CyclicBarrier BARRIER = new CyclicBarrier(3);

    @RepeatedTest(6)
    void tests_run_side_by_side(Vnet vnet, Host host, @Node("web") Jail web) throws Exception {
      SEEN.add(vnet);
      BARRIER.await(20, TimeUnit.SECONDS);
      host.jail("mine").create();
      assertThat(vnet.jls()).hasSize(4);
      assertThat(web.ping("10.0.0.2").count(1).run().isAnswered()).isTrue();
      BARRIER.await(20, TimeUnit.SECONDS);
    }
  }

  static class Failing {
    @VnetTest(topology = "org.vnet4j.junit.Samples#LAB", capture = true)
    void it_fails_with_a_capture(@Node("web") Jail web) {
      assertThat(web.ping("10.0.0.2").count(1).run().isAnswered()).isTrue();
      fail("the answer was 41");
    }

    @VnetTest
    void it_fails_without_a_topology(Host host) {
      host.epair().names("left", "right").vnet(host.jail("box").create()).create();
      throw new IllegalStateException("no more");
    }
  }

  @VnetTest(topology = "org.vnet4j.junit.Samples#LAB", capture = true)
  static class Around {
    @Nested
    @VnetTest(needs = Capability.BRIDGE)
    class Inside {
      @Test
      void it_has_the_topology_and_the_capture_of_the_class_around(@Node("web") Jail web) {
        assertThat(web.ping("10.0.0.2").count(1).run().isAnswered()).isTrue();
        fail("it has " + web.name());
      }

      @Nested
      @VnetTest(topology = "org.vnet4j.junit.Samples#line")
      class Innermost {
        @Test
        void the_nearest_topology_counts(Network network) {
          assertThat(network.topology().name()).isEqualTo("line");
        }
      }
    }
  }

  static class Wanting {
    @VnetTest(needs = {Capability.VXLAN, Capability.BRIDGE})
    void it_needs_what_was_switched_off() {
      fail("it ran");
    }
  }

  static class Wrong {
    @VnetTest(topology = "nowhere")
    void no_such_topology() {}

    @VnetTest(topology = "TEXT")
    void not_a_topology() {}

    @VnetTest(topology = "com.example.None#x")
    void no_such_class() {}

    @VnetTest(topology = "x", file = "y")
    void both() {}

    @VnetTest(file = "none.yaml")
    void no_such_file() {}

    @VnetTest
    void no_topology(Network network) {}

    @VnetTest(topology = "org.vnet4j.junit.Samples#LAB")
    void no_name(Jail web) {}

    @VnetTest(topology = "org.vnet4j.junit.Samples#LAB")
    void no_such_node(@Node("mail") Jail mail) {}

    static final String TEXT = "lab";
  }

  /** Leaves a laboratory to the store. */
  static class Leaving implements BeforeEachCallback {
    @Override
    public void beforeEach(ExtensionContext context) {
      Laboratory laboratory = new Laboratory(Vnet.sandbox());
      SEEN.add(laboratory.vnet());
      context.getStore(ExtensionContext.Namespace.GLOBAL).put(Laboratory.class, laboratory);
    }
  }

  @ExtendWith(Leaving.class)
  static class Left {
    @Test
    void it_closes_nothing() {}
  }

  @VnetTest
  static class Early {
    @BeforeAll
    static void before(Vnet vnet) {}

    @Test
    void it_never_runs() {}
  }
}
