// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vnet4j.net.Errno.EMFILE;
import static org.vnet4j.net.Errno.ENODEV;
import static org.vnet4j.net.Errno.EPERM;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vnet4j.net.Errno;
import org.vnet4j.spi.KernelErrors;

class ErrorTextTest {
  private static final KernelError ENXIO =
      KernelError.of("SIOCSIFVNET", "epair0b -> jail 3", 6, Errno.ENXIO, "Device not configured");

  private static KernelError error(Errno errno) {
    return KernelError.of("call", "subject", 1, errno, "text");
  }

  @Test
  void an_error_says_call_subject_number_and_text() {
    assertThat(ENXIO).hasToString("SIOCSIFVNET epair0b -> jail 3: ENXIO (Device not configured)");
    assertThat(ENXIO.detail()).isEmpty();
    assertThat(ENXIO.isErrno(ENODEV, Errno.ENXIO)).isTrue();
    assertThat(ENXIO.isErrno(ENODEV)).isFalse();
  }

  @Test
  void the_words_of_the_kernel_come_last() {
    KernelError told =
        new KernelError(
            "jail_set",
            "web",
            1,
            Optional.of(EPERM),
            "Not permitted",
            Optional.of("prison limit exceeded"));

    assertThat(told).hasToString("jail_set web: EPERM (Not permitted): prison limit exceeded");
    assertThat(new KernelError("c", "s", 1, Optional.empty(), "t", Optional.of(" ")).detail())
        .isEmpty();
  }

  @Test
  void an_exception_names_the_jail_once() {
    VnetException plain = new VnetException("no such interface\u001b[1m\nhere");

    assertThat(plain.in("lab.web").in("other"))
        .isSameAs(plain)
        .hasMessage("no such interface\\u001b[1m\nhere (in jail lab.web)");
    assertThat(new VnetException("jail web is gone").in("web")).hasMessage("jail web is gone");
  }

  @Test
  void an_exception_adds_what_to_do() {
    VnetException plain = new VnetException(ENXIO, null);
    VnetException hinted = new VnetException(ENXIO, "no such interface on the host");

    assertThat(plain).hasMessage(ENXIO.toString());
    assertThat(hinted).hasMessage(ENXIO + "; no such interface on the host");
    assertThat(hinted.kernelError()).contains(ENXIO);
    assertThat(hinted.isErrno(Errno.EBUSY, Errno.ENXIO)).isTrue();
    assertThat(hinted.isErrno(Errno.EBUSY)).isFalse();
    assertThat(new VnetException("no call").isErrno(Errno.ENXIO)).isFalse();
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
  void refusals_about_interfaces_are_typed(Errno name, String type) {
    assertThat(KernelErrors.ofInterface(error(name)).getClass().getName())
        .isEqualTo("org.vnet4j." + type);
  }

  @ParameterizedTest
  @CsvSource({
    "ENOENT, Jail$NotFoundException",
    "EEXIST, Jail$NameTakenException",
    "EACCES, Vnet$NotPermittedException",
    "EINVAL, VnetException"
  })
  void refusals_about_jails_are_typed(Errno name, String type) {
    assertThat(KernelErrors.ofJail(error(name)).getClass().getName())
        .isEqualTo("org.vnet4j." + type);
  }

  @ParameterizedTest
  @CsvSource({
    "EEXIST, Routes$ExistsException",
    "ESRCH, Routes$NotFoundException",
    "ENETUNREACH, Routes$UnreachableException",
    "EHOSTUNREACH, Routes$UnreachableException",
    "EINVAL, VnetException"
  })
  void refusals_about_routes_are_typed(Errno name, String type) {
    assertThat(KernelErrors.ofRoute(error(name)).getClass().getName())
        .isEqualTo("org.vnet4j." + type);
  }

  @Test
  void running_out_of_descriptors_says_what_to_raise() {
    assertThat(KernelErrors.of(error(EMFILE))).hasMessageContaining("ulimit -n");
  }

  @Test
  void a_number_that_no_table_knows_is_kept() {
    KernelError odd =
        new KernelError("ioctl", "em0", 4711, Optional.empty(), "Unknown error", Optional.empty());

    assertThat(odd).hasToString("ioctl em0: errno 4711 (Unknown error)");
    assertThat(odd.isErrno(Errno.EPERM)).isFalse();
    assertThat(Errno.of("errno 4711")).isEmpty();
    assertThat(Errno.of("ENXIO")).contains(Errno.ENXIO);
  }

  @Test
  void a_kernel_error_is_complete() {
    assertThatThrownBy(() -> KernelError.of("c", null, 1, EPERM, "t"))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("subject");
  }
}
