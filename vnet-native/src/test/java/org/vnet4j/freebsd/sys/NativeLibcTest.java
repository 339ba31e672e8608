// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.Test;
import org.vnet4j.VnetException;
import org.vnet4j.posix.libc.Memory;

class NativeLibcTest {
  /** close, read, write, poll and getpid work alike on every system where this test runs. */
  @Test
  void the_binding_calls_a_real_libc_and_reads_its_error_number() {
    Syscalls kernel = NativeLibc.bind();

    assertThat(kernel.libc().getpid()).isEqualTo((int) ProcessHandle.current().pid());
    assertThat(kernel.libc().close(-1)).isEqualTo(-1);
    assertThat(kernel.errno().getAsInt()).isEqualTo(9);
    Memory buffer = Memory.allocate(1);
    assertThat(kernel.libc().read(-1, buffer.address(), 1)).isEqualTo(-1);
    assertThatThrownBy(() -> kernel.check("close", "-1", () -> kernel.libc().close(-1), null))
        .isInstanceOf(VnetException.class)
        .hasMessage("close -1: EBADF (Bad file descriptor)");
  }

  @Test
  void elsewhere_than_on_freebsd_the_kernel_is_refused_by_name() {
    String system = System.getProperty("os.name");
    assumeThat(system).isNotEqualTo("FreeBSD");

    assertThatThrownBy(NativeLibc::kernel)
        .isInstanceOf(VnetException.class)
        .hasMessage("this is " + system + ", not FreeBSD");
  }
}
