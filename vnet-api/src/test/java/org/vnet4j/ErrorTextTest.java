// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vnet4j.spi.Refusal;

class ErrorTextTest {
  private static final KernelError ENXIO =
      new KernelError(
          "SIOCSIFVNET", "epair0b -> jail 3", 6, "ENXIO", "Device not configured", null);

  private static KernelError error(String name) {
    return new KernelError("call", "subject", 1, name, "text", null);
  }

  @Test
  void an_error_says_call_subject_number_and_text() {
    assertThat(ENXIO).hasToString("SIOCSIFVNET epair0b -> jail 3: ENXIO (Device not configured)");
    assertThat(ENXIO.words()).isEmpty();
    assertThat(ENXIO.isErrno("ENODEV", "ENXIO")).isTrue();
    assertThat(ENXIO.isErrno("ENODEV")).isFalse();
  }

  @Test
  void the_words_of_the_kernel_come_last() {
    KernelError told =
        new KernelError("jail_set", "web", 1, "EPERM", "Not permitted", "prison limit exceeded");

    assertThat(told).hasToString("jail_set web: EPERM (Not permitted): prison limit exceeded");
    assertThat(new KernelError("c", "s", 1, "EPERM", "t", " ").words()).isEmpty();
  }

  @Test
  void an_exception_adds_what_to_do() {
    VnetException plain = new VnetException(ENXIO, null);
    VnetException hinted = new VnetException(ENXIO, "no such interface on the host");

    assertThat(plain).hasMessage(ENXIO.toString());
    assertThat(hinted).hasMessage(ENXIO + "; no such interface on the host");
    assertThat(hinted.kernelError()).contains(ENXIO);
    assertThat(new VnetException("no call").kernelError()).isEmpty();
  }

  @Test
  void an_exception_travels_without_its_kernel_error() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new NetInterface.NotFoundException(ENXIO));
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      VnetException read = (VnetException) in.readObject();
      assertThat(read)
          .isInstanceOf(NetInterface.NotFoundException.class)
          .hasMessage(ENXIO.toString());
      assertThat(read.kernelError()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ENXIO, NetInterface$NotFoundException",
    "ENODEV, NetInterface$NotFoundException",
    "EEXIST, NetInterface$NameTakenException",
    "EBUSY, NetInterface$BusyException",
    "EADDRNOTAVAIL, NetInterface$AddressNotFoundException",
    "EPERM, Vnet$NotPermittedException",
    "EOPNOTSUPP, Vnet$UnsupportedException",
    "EINVAL, VnetException"
  })
  void refusals_about_interfaces_are_typed(String name, String type) {
    assertThat(Refusal.ofInterface(error(name)).getClass().getName())
        .isEqualTo("org.vnet4j." + type);
  }

  @ParameterizedTest
  @CsvSource({
    "ENOENT, Jail$NotFoundException",
    "EEXIST, Jail$NameTakenException",
    "EACCES, Vnet$NotPermittedException",
    "EINVAL, VnetException"
  })
  void refusals_about_jails_are_typed(String name, String type) {
    assertThat(Refusal.ofJail(error(name)).getClass().getName()).isEqualTo("org.vnet4j." + type);
  }

  @ParameterizedTest
  @CsvSource({
    "EEXIST, Routes$ExistsException",
    "ESRCH, Routes$NotFoundException",
    "ENETUNREACH, Routes$UnreachableException",
    "EHOSTUNREACH, Routes$UnreachableException",
    "EINVAL, VnetException"
  })
  void refusals_about_routes_are_typed(String name, String type) {
    assertThat(Refusal.ofRoute(error(name)).getClass().getName()).isEqualTo("org.vnet4j." + type);
  }

  @Test
  void running_out_of_descriptors_says_what_to_raise() {
    assertThat(Refusal.of(error("EMFILE"))).hasMessageContaining("ulimit -n");
  }

  @Test
  void a_kernel_error_is_complete() {
    assertThatThrownBy(() -> new KernelError("c", null, 1, "EPERM", "t", null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("subject");
  }
}
