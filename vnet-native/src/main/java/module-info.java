// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/** Providers for the kernels: found by {@link java.util.ServiceLoader}, used through org.vnet4j. */
module org.vnet4j.kernels {
  requires org.vnet4j;
  requires org.jspecify;
  requires org.slf4j;
  requires org.jnrproject.ffi;
  requires org.jnrproject.jffi;
  requires org.jnrproject.constants;
  requires org.jnrproject.posix;
  requires org.objectweb.asm;

  // jnr-ffi makes the implementation of a binding in the binding's package.
  opens org.vnet4j.posix.libc;
  opens org.vnet4j.posix.pcap;
  opens org.vnet4j.freebsd.sys;

  provides org.vnet4j.spi.FilterCompiler with
      org.vnet4j.posix.pcap.Libpcap;
  provides org.vnet4j.spi.VnetProvider with
      org.vnet4j.linux.LinuxProvider,
      org.vnet4j.freebsd.FreeBsdProvider;
}
