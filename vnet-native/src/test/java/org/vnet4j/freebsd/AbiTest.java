// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.vnet4j.freebsd.ioctl.BpfAbi;
import org.vnet4j.freebsd.ioctl.BridgeAbi;
import org.vnet4j.freebsd.ioctl.Inet6Abi;
import org.vnet4j.freebsd.ioctl.InetAbi;
import org.vnet4j.freebsd.ioctl.InterfaceAbi;
import org.vnet4j.freebsd.ioctl.TunnelAbi;
import org.vnet4j.freebsd.ioctl.VlanAbi;
import org.vnet4j.freebsd.ioctl.VxlanAbi;
import org.vnet4j.freebsd.ipfw.DummynetAbi;
import org.vnet4j.freebsd.jail.JailAbi;
import org.vnet4j.freebsd.route.RouteAbi;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sys.FreeBsdErrno;
import org.vnet4j.freebsd.sys.KernelAbi;
import org.vnet4j.freebsd.sys.KqueueAbi;
import org.vnet4j.freebsd.sys.SocketAbi;
import org.vnet4j.posix.libc.Errno;

/**
 * Compares every constant, size and offset of the FreeBSD code with the number that the C compiler
 * computed.
 */
class AbiTest {
  private static final Class<?>[] TABLES = {
    BpfAbi.class,
    BridgeAbi.class,
    DummynetAbi.class,
    Inet6Abi.class,
    InetAbi.class,
    InterfaceAbi.class,
    JailAbi.class,
    KernelAbi.class,
    KqueueAbi.class,
    RouteAbi.class,
    SocketAbi.class,
    TunnelAbi.class,
    VlanAbi.class,
    VxlanAbi.class,
    FreeBsdErrno.class
  };

  /** Numbers that freebsd-abi.json lacks; a comment names the source of each. */
  private static final Map<String, Long> ELSEWHERE =
      Map.ofEntries(
          // lib/libjail/jail.h: JAIL_ERRMSGLEN
          Map.entry("JAIL_ERRMSGLEN", 1024L),
          // net/if_mib.h
          Map.entry("NETLINK_GENERIC", 0L),
          Map.entry("IFMIB_IFDATA", 2L),
          Map.entry("IFDATA_DRIVERNAME", 3L),
          // net/ethernet.h
          Map.entry("ETHERTYPE_VLAN", 0x8100L),
          // The recording has this request's number.
          Map.entry("SIOCSIFINFO_FLAGS", 3225971031L),
          // netinet6/in6_var.h: _IOWR('i', 37, struct in6_ifreq)
          Map.entry("SIOCGIFNETMASK_IN6", iowr(37, FreeBsdAbi.size("in6_ifreq"))),
          // sys/poll.h
          Map.entry("POLLIN", 1L),
          Map.entry("POLLFD_SIZE", 8L),
          Map.entry("POLLFD_FD", 0L),
          Map.entry("POLLFD_EVENTS", 4L),
          Map.entry("POLLFD_REVENTS", 6L),
          // sys/event.h
          Map.entry("EVFILT_USER", -11L),
          Map.entry("EV_ADD", 1L),
          Map.entry("EV_CLEAR", 0x20L),
          Map.entry("NOTE_TRIGGER", 0x1000000L),
          // sys/_timespec.h: a time_t and a long
          Map.entry("TIMESPEC_SIZE", 16L),
          // net/if_vxlan.h: a number, two unions of sockaddr_in and sockaddr_in6, then 24 bytes
          Map.entry("IFVXLANCFG_SIZE", 4L + 2 * FreeBsdAbi.size("sockaddr_in6") + 24),
          Map.entry("IFVXLANCFG_VXLC_VNI", 0L),
          Map.entry("IFVXLANCFG_VXLC_LOCAL_SA", 4L),
          Map.entry("IFVXLANCFG_VXLC_REMOTE_SA", 4L + FreeBsdAbi.size("sockaddr_in6")),
          // net/if_bridgevar.h
          Map.entry("IFBAF_TYPEMASK", 3L),
          // sys/errno.h
          Map.entry("ENOMSG", 83L));

  private static long iowr(int number, int size) {
    return 0xc0000000L | (long) size << 16 | 'i' << 8 | number;
  }

  static Map<String, Long> declared() throws IllegalAccessException {
    Map<String, Long> constants = new TreeMap<>();
    for (Class<?> table : TABLES) {
      for (Field field : table.getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers()) && field.getType().isPrimitive()) {
          field.setAccessible(true);
          long value = ((Number) field.get(null)).longValue();
          // An int constant with its top bit set represents an unsigned number.
          constants.put(
              field.getName(), field.getType() == int.class ? value & 0xffffffffL : value);
        }
      }
    }
    return constants;
  }

  @Test
  void every_constant_size_and_offset_is_what_the_compiler_said() throws Exception {
    Map<String, Long> facts = new LinkedHashMap<>(FreeBsdAbi.all());
    facts.putAll(ELSEWHERE);
    Map<String, Long> declared = declared();

    assertThat(declared).hasSizeGreaterThan(250);
    assertThat(facts).containsAllEntriesOf(declared);
  }

  @Test
  void what_is_read_elsewhere_is_still_missing_in_the_facts_and_still_used() throws Exception {
    assertThat(FreeBsdAbi.all()).doesNotContainKeys(ELSEWHERE.keySet().toArray(String[]::new));
    assertThat(declared()).containsKeys(ELSEWHERE.keySet().toArray(String[]::new));
  }

  @Test
  void every_constant_holds_in_all_releases_that_have_it() throws Exception {
    assertThat(FreeBsdAbi.differing())
        .isNotEmpty()
        .doesNotContainAnyElementsOf(declared().keySet());
  }

  @Test
  void the_table_of_error_numbers_agrees_with_the_facts() {
    FreeBsdAbi.all()
        .forEach(
            (name, value) -> {
              if (name.matches("E[A-Z0-9]+") && !name.equals("ELAST")) {
                assertThat(Errno.FREEBSD.nameOf(value.intValue())).isEqualTo(name);
                assertThat(Errno.FREEBSD.textOf(value.intValue())).isNotBlank();
              }
            });
    assertThat(Errno.FREEBSD.nameOf(200)).isEqualTo("errno 200");
    assertThat(Errno.FREEBSD.textOf(0)).isEqualTo("Unknown error: 0");
  }
}
