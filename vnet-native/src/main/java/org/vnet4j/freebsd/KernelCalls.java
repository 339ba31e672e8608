// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import org.vnet4j.freebsd.ioctl.BridgeCalls;
import org.vnet4j.freebsd.ioctl.CloneCalls;
import org.vnet4j.freebsd.ioctl.DescriptionCalls;
import org.vnet4j.freebsd.ioctl.GroupCalls;
import org.vnet4j.freebsd.ioctl.Inet6Calls;
import org.vnet4j.freebsd.ioctl.InetCalls;
import org.vnet4j.freebsd.ioctl.InterfaceCalls;
import org.vnet4j.freebsd.ioctl.LendCalls;
import org.vnet4j.freebsd.ioctl.LinkAddressCalls;
import org.vnet4j.freebsd.ioctl.ListCalls;
import org.vnet4j.freebsd.ioctl.TunnelCalls;
import org.vnet4j.freebsd.ioctl.VlanCalls;
import org.vnet4j.freebsd.jail.JailCalls;
import org.vnet4j.freebsd.sys.KernelDatagramCalls;
import org.vnet4j.freebsd.sys.ModuleCalls;
import org.vnet4j.freebsd.sys.SocketCalls;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.freebsd.sys.SysctlCalls;

/** The calls of the ground floor, made once for a kernel; they hold no state. */
final class KernelCalls {
  final BridgeCalls bridges;
  final CloneCalls clones;
  final KernelDatagramCalls datagrams;
  final DescriptionCalls descriptions;
  final GroupCalls groups;
  final InetCalls inet;
  final Inet6Calls inet6;
  final InterfaceCalls interfaces;
  final JailCalls jails;
  final LendCalls lend;
  final LinkAddressCalls linkAddresses;
  final ListCalls lists;
  final ModuleCalls modules;
  final SocketCalls sockets;
  final SysctlCalls sysctl;
  final TunnelCalls tunnels;
  final VlanCalls vlans;

  KernelCalls(Syscalls kernel) {
    bridges = new BridgeCalls(kernel);
    clones = new CloneCalls(kernel);
    datagrams = new KernelDatagramCalls(kernel);
    descriptions = new DescriptionCalls(kernel);
    groups = new GroupCalls(kernel);
    inet = new InetCalls(kernel);
    inet6 = new Inet6Calls(kernel);
    interfaces = new InterfaceCalls(kernel);
    jails = new JailCalls(kernel);
    lend = new LendCalls(kernel);
    linkAddresses = new LinkAddressCalls(kernel);
    lists = new ListCalls(kernel);
    modules = new ModuleCalls(kernel);
    sockets = new SocketCalls(kernel);
    sysctl = new SysctlCalls(kernel);
    tunnels = new TunnelCalls(kernel);
    vlans = new VlanCalls(kernel);
  }
}
