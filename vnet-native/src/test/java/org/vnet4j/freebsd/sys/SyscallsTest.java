// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.ioctl.CloneCalls;
import org.vnet4j.freebsd.jail.JailCalls;
import org.vnet4j.freebsd.jail.JailParameterTypes;
import org.vnet4j.freebsd.jail.JailParametersTest;
import org.vnet4j.freebsd.sim.SimKernel;
import org.vnet4j.freebsd.sim.SimProcess;

/** Tests modules, kenv, sysctl, errors and faults on the simulated kernel. */
class SyscallsTest {
  private final SimKernel machine = new SimKernel();
  private final SimProcess process = machine.process();
  private final Syscalls kernel = new Syscalls(process, process::errno);

  @Test
  void a_module_is_found_by_file_and_by_name_once_it_is_loaded() {
    ModuleCalls modules = new ModuleCalls(kernel);
    assertThat(modules.findFile("if_epair")).isEmpty();
    assertThat(modules.findModule("if_epair")).isEmpty();

    int id = modules.load("if_epair");

    assertThat(modules.findFile("if_epair")).hasValue(id);
    assertThat(modules.findModule("if_epair")).isPresent();
    assertThat(modules.findModule("if_tuntap")).as("one in the kernel itself").isPresent();
    assertThat(modules.findFile("if_tuntap")).isEmpty();
    assertThatThrownBy(() -> modules.load("if_epair")).hasMessageContaining("EEXIST");
    assertThatThrownBy(() -> modules.load("nosuchmodule"))
        .hasMessage("kldload nosuchmodule: ENOENT (No such file or directory)");
    modules.unload(id);
    assertThat(modules.findFile("if_epair")).isEmpty();
  }

  @Test
  void the_kernel_environment_is_set_read_and_unset() {
    KenvCalls kenv = new KenvCalls(kernel);
    assertThat(kenv.get("net.inet.ip.fw.default_to_accept")).isEmpty();

    kenv.set("net.inet.ip.fw.default_to_accept", "1");

    assertThat(kenv.get("net.inet.ip.fw.default_to_accept")).contains("1");
    kenv.unset("net.inet.ip.fw.default_to_accept");
    assertThatThrownBy(() -> kenv.unset("net.inet.ip.fw.default_to_accept"))
        .hasMessageContaining("ENOENT");
    assertThatThrownBy(() -> kenv.set("x", "y".repeat(200))).hasMessageContaining("EINVAL");
  }

  @Test
  void system_variables_are_read_and_set_for_the_calling_process_s_stack() {
    SysctlCalls sysctl = new SysctlCalls(kernel);
    assertThat(sysctl.findInt("kern.features.vimage")).contains(1);
    assertThat(sysctl.findInt("kern.features.invariants")).isEmpty();

    sysctl.set("net.inet.ip.forwarding", 1);

    assertThat(sysctl.findInt("net.inet.ip.forwarding")).contains(1);
    int jid = new JailCalls(kernel).set(1, "j", JailParametersTest.vnet("j"));
    SimProcess inside = machine.process(jid, 0);
    SysctlCalls there = new SysctlCalls(new Syscalls(inside, inside::errno));
    assertThat(there.findInt("net.inet.ip.forwarding")).contains(0);
    assertThat(sysctl.read("kern.osreldate")).hasSize(4);
  }

  @Test
  void every_parameter_has_the_type_the_kernel_says() {
    JailParameterTypes types = new JailParameterTypes(kernel);
    assertThat(types.find("children.max")).contains(type(JailParameterTypes.Kind.INT, 4));
    assertThat(types.find("persist")).contains(type(JailParameterTypes.Kind.BOOLEAN, 4));
    assertThat(types.find("allow.raw_sockets")).contains(type(JailParameterTypes.Kind.BOOLEAN, 4));
    assertThat(types.find("vnet")).contains(type(JailParameterTypes.Kind.JAILSYS, 4));
    assertThat(types.find("name")).contains(type(JailParameterTypes.Kind.STRING, 256));
    assertThat(types.find("path")).contains(type(JailParameterTypes.Kind.STRING, 1024));
    assertThat(types.find("ip4.addr")).contains(type(JailParameterTypes.Kind.ARRAY, 4));
    assertThat(types.find("ip6.addr")).contains(type(JailParameterTypes.Kind.ARRAY, 16));
    assertThat(types.find("host")).contains(type(JailParameterTypes.Kind.JAILSYS, 4));
    assertThat(types.find("allow.mount")).contains(type(JailParameterTypes.Kind.BOOLEAN, 4));
    assertThat(types.find("children")).as("a node and no parameter").isEmpty();
    assertThat(types.find("bogus.param")).isEmpty();
  }

  private static JailParameterTypes.Type type(JailParameterTypes.Kind kind, int size) {
    return new JailParameterTypes.Type(kind, size);
  }

  @Test
  void an_interrupted_call_is_made_again() {
    machine.fault((number, call) -> number <= 2 ? FreeBsdErrno.EINTR : 0);
    assertThat(new SysctlCalls(kernel).findInt("kern.features.vimage")).contains(1);
    assertThat(machine.calls()).isEqualTo(3);

    machine.fault((number, call) -> number == 1 ? FreeBsdErrno.EINTR : 0);
    new ModuleCalls(kernel).load("if_epair");
    assertThat(machine.calls()).isEqualTo(2);
  }

  @Test
  void a_chosen_call_fails_without_an_effect() {
    machine.fault((number, call) -> call.equals("kldload") ? FreeBsdErrno.ENOMEM : 0);
    ModuleCalls modules = new ModuleCalls(kernel);

    assertThatThrownBy(() -> modules.load("if_epair"))
        .isInstanceOf(VnetException.class)
        .hasMessage("kldload if_epair: ENOMEM (Cannot allocate memory)");
    assertThat(modules.findFile("if_epair")).isEmpty();
  }

  @Test
  void descriptors_are_counted_and_close_on_exec() {
    SocketCalls sockets = new SocketCalls(kernel);
    int fd = sockets.open(SocketAbi.AF_INET, SocketAbi.SOCK_DGRAM, 0);

    assertThat(process.closesOnExec(fd)).isTrue();
    assertThat(machine.openDescriptors()).isEqualTo(1);
    sockets.close(fd);
    assertThat(machine.openDescriptors()).isZero();
    assertThatThrownBy(() -> sockets.close(fd)).hasMessageContaining("EBADF");
  }

  @Test
  void the_kinds_of_interface_come_with_their_modules() {
    SocketCalls sockets = new SocketCalls(kernel);
    int fd = sockets.open(SocketAbi.AF_INET, SocketAbi.SOCK_DGRAM, 0);
    CloneCalls clones = new CloneCalls(kernel);
    List<String> before = clones.kinds(fd);

    new ModuleCalls(kernel).load("if_bridge");

    assertThat(clones.kinds(fd)).hasSize(before.size() + 1).startsWith("bridge");
    assertThatThrownBy(() -> clones.create(fd, "epair"))
        .hasMessage(
            "SIOCIFCREATE2 epair: EINVAL (Invalid argument); no such kind of interface; its module"
                + " may not be loaded: kldload if_epair");
  }
}
