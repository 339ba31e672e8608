// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vnet4j.freebsd.jail.JailAbi.JAIL_CREATE;
import static org.vnet4j.freebsd.jail.JailAbi.JAIL_DYING;
import static org.vnet4j.freebsd.jail.JailAbi.JAIL_GET_DESC;
import static org.vnet4j.freebsd.jail.JailAbi.JAIL_OWN_DESC;
import static org.vnet4j.freebsd.jail.JailAbi.JAIL_UPDATE;

import org.junit.jupiter.api.Test;
import org.vnet4j.freebsd.sim.SimKernel;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sys.SocketAbi;
import org.vnet4j.freebsd.sys.SocketCalls;
import org.vnet4j.freebsd.sys.Syscalls;

/** Tests the jail calls on the simulated kernel. */
class JailCallsTest {
  private final SimKernel machine = new SimKernel();
  private final SimProcess process = machine.process();
  private final Syscalls kernel = new Syscalls(process, process::errno);
  private final JailCalls jails = new JailCalls(kernel);

  private int create(String name) {
    return jails.set(JAIL_CREATE, name, JailParametersTest.vnet(name));
  }

  @Test
  void jails_are_listed_by_number_with_what_was_asked_for() {
    int outer = create("outer");
    int inner = create("outer.inner");

    assertThat(jails.list(false)).containsExactly(outer, inner);
    JailParameters asked =
        JailParameters.create()
            .put("jid", inner)
            .room("name", 256)
            .room("parent", 4)
            .room("vnet", 4)
            .room("persist", 4)
            .room("allow.raw_sockets", 4);
    assertThat(jails.get(0, "inner", asked)).isEqualTo(inner);
    assertThat(asked.getString("name")).isEqualTo("outer.inner");
    assertThat(asked.getInt("parent")).isEqualTo(outer);
    assertThat(asked.getInt("vnet")).isEqualTo(JailAbi.JAIL_SYS_NEW);
    assertThat(asked.getBoolean("persist")).isTrue();
    assertThat(asked.getBoolean("allow.raw_sockets")).isFalse();
  }

  @Test
  void a_refusal_says_what_the_kernel_said() {
    create("web");

    assertThatThrownBy(() -> create("web"))
        .hasMessage("jail_set web: EEXIST (File exists): jail \"web\" already exists");
    assertThatThrownBy(
            () ->
                jails.set(JAIL_CREATE, "j", JailParametersTest.vnet("j").put("bogus.param", true)))
        .hasMessage("jail_set j: EINVAL (Invalid argument): unknown parameter: bogus.param");
    assertThat(jails.list(false)).as("nothing half made").hasSize(1);
    assertThatThrownBy(() -> jails.remove(77))
        .hasMessage("jail_remove jail 77: EINVAL (Invalid argument); no such jail");
  }

  @Test
  void a_boolean_can_be_set_and_cleared_later() {
    int jid = create("web");
    JailParameters raw = JailParameters.create().put("jid", jid).put("allow.raw_sockets", true);
    jails.set(JAIL_UPDATE, "web", raw);
    JailParameters asked = JailParameters.create().put("jid", jid).room("allow.raw_sockets", 4);
    jails.get(0, "web", asked);
    assertThat(asked.getBoolean("allow.raw_sockets")).isTrue();

    jails.set(
        JAIL_UPDATE,
        "web",
        JailParameters.create().put("jid", jid).put("allow.raw_sockets", false));
    jails.get(0, "web", asked);
    assertThat(asked.getBoolean("allow.raw_sockets")).isFalse();
  }

  @Test
  void the_limit_of_children_holds_inside_and_not_for_the_host() {
    int outer =
        jails.set(JAIL_CREATE, "outer", JailParametersTest.vnet("outer").put("children.max", 1));
    SimProcess inside = machine.process(outer, 0);
    JailCalls there = new JailCalls(new Syscalls(inside, inside::errno));
    int inner = there.set(JAIL_CREATE, "inner", JailParametersTest.vnet("inner"));

    assertThat(there.list(false)).containsExactly(inner);
    assertThatThrownBy(() -> there.set(JAIL_CREATE, "two", JailParametersTest.vnet("two")))
        .hasMessage(
            "jail_set two: EPERM (Operation not permitted): prison limit exceeded; raise"
                + " children.max of the jail it is made in");
    assertThat(create("outer.three")).isPositive();
    assertThat(machine.jails()).contains("outer.inner", "outer.three");
  }

  @Test
  void a_removed_jail_is_dying_until_its_last_socket_is_closed() {
    int jid = create("web");
    int socket = machine.socketInJail(process, jid, SocketAbi.AF_INET, SocketAbi.SOCK_DGRAM, 0);

    jails.remove(jid);

    assertThat(jails.list(false)).isEmpty();
    assertThat(jails.list(true)).containsExactly(jid);
    JailParameters asked = JailParameters.create().put("jid", jid).room("dying", 4);
    jails.get(JAIL_DYING, "web", asked);
    assertThat(asked.getBoolean("dying")).isTrue();
    assertThatThrownBy(() -> jails.get(0, "web", JailParameters.create().put("jid", jid)))
        .hasMessageContaining("jail " + jid + " is dying");
    assertThat(create("web")).as("a dying jail's name is free").isNotEqualTo(jid);
    new SocketCalls(kernel).close(socket);
    assertThat(jails.find(JAIL_DYING, "web", JailParameters.create().put("jid", jid))).isEmpty();
  }

  @Test
  void an_end_that_takes_time_is_seen_as_dying_for_a_while() {
    int jid = create("web");
    machine.teardownPolls(3);

    jails.remove(jid);

    int looks = 0;
    while (jails.find(JAIL_DYING, "web", JailParameters.create().put("jid", jid)).isPresent()) {
      looks++;
    }
    assertThat(looks).isEqualTo(2);
    assertThat(machine.jails()).isEmpty();
  }

  @Test
  void removing_a_jail_removes_those_below_it() {
    int outer = create("outer");
    create("outer.inner");
    create("outer.inner.leaf");

    jails.remove(outer);

    assertThat(machine.jails()).isEmpty();
  }

  @Test
  void an_owning_descriptor_takes_the_jail_along() {
    JailParameters parameters = JailParametersTest.vnet("owned").put("desc", -1);
    jails.set(JAIL_CREATE | JAIL_GET_DESC | JAIL_OWN_DESC, "owned", parameters);
    int fd = parameters.getInt("desc");
    SocketCalls sockets = new SocketCalls(kernel);

    assertThat(process.closesOnExec(fd)).as("the kernel does not set it").isFalse();
    sockets.closeOnExec(fd);
    assertThat(process.closesOnExec(fd)).isTrue();
    sockets.close(fd);
    assertThat(machine.jails()).isEmpty();
  }

  @Test
  void a_jail_that_does_not_persist_lives_by_its_process() {
    SimProcess anchor = machine.process();
    JailCalls there = new JailCalls(new Syscalls(anchor, anchor::errno));
    JailParameters parameters = JailParameters.create().put("name", "anchored").put("vnet", 1);
    there.set(JAIL_CREATE | JailAbi.JAIL_ATTACH, "anchored", parameters);
    assertThat(machine.jails()).containsExactly("anchored");

    anchor.exit();

    assertThat(machine.jails()).isEmpty();
  }

  @Test
  void parameters_can_be_used_again_with_another_value() {
    int one = create("one");
    int two = create("two");
    JailParameters asked = JailParameters.create().put("jid", one).room("name", 256);
    jails.get(0, "one", asked);
    assertThat(asked.getString("name")).isEqualTo("one");

    jails.get(0, "two", asked.put("jid", two));

    assertThat(asked.getString("name")).isEqualTo("two");
  }
}
