// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.vnet4j.contract.Programs;
import org.vnet4j.spi.JailWatch;

/** Jails that others make and remove are told when it happens. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "inotify is of Linux")
class LinuxJailWatchTest {
  private static final int EMFILE = 24;
  @TempDir Path temp;

  @Test
  @Timeout(120)
  void jails_of_others_are_told_at_once_however_they_come_and_go() throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    Programs.need("unshare", "ip");
    List<String> said = new ArrayList<>();
    Process arena = Jvm.startAlone(JailArena.class);
    try {
      arena.inputReader().lines().peek(System.out::println).forEach(said::add);
      assertThat(said).last().isEqualTo("ok");
    } finally {
      arena.destroyForcibly();
    }
  }

  private Path registry() {
    return temp.resolve("vnet4j");
  }

  private Path names() {
    return temp.resolve("netns");
  }

  private static long millisecondsOf(JailWatch watch) {
    long start = System.nanoTime();
    watch.await();
    return (System.nanoTime() - start) / 1_000_000;
  }

  @Test
  void directories_that_come_and_go_and_come_again_are_watched_and_strangers_are_not()
      throws IOException {
    try (JailWatch watch = DirectoryWatch.of(registry(), names())) {
      Files.createDirectory(temp.resolve("stranger"));
      watch.wake();
      assertThat(millisecondsOf(watch)).isLessThan(1000);
      for (int round = 0; round < 2; round++) {
        Files.createDirectory(names());
        assertThat(millisecondsOf(watch)).isLessThan(1000);
        Files.createDirectory(registry());
        assertThat(millisecondsOf(watch)).isLessThan(1000);
        Files.createFile(names().resolve("web"));
        Files.createFile(registry().resolve("web.jail.new"));
        Files.delete(names().resolve("web"));
        assertThat(millisecondsOf(watch)).isLessThan(1000);
        Files.writeString(registry().resolve("lock"), "");
        assertThat(millisecondsOf(watch)).isLessThan(1000);
        Files.delete(registry().resolve("web.jail.new"));
        Files.delete(registry().resolve("lock"));
        Files.delete(registry());
        Files.delete(names());
        assertThat(millisecondsOf(watch)).isLessThan(1000);
      }
    }
  }

  @Test
  void where_the_system_has_no_room_for_a_watch_it_is_looked_every_second() {
    try (JailWatch watch = DirectoryWatch.of(-EMFILE, registry(), names())) {
      assertThat(millisecondsOf(watch)).isBetween(900L, 5000L);
      watch.wake();
      assertThat(millisecondsOf(watch)).isLessThan(900);
    }
  }

  @Test
  void who_waits_is_woken_once_and_when_it_is_closed() throws Exception {
    JailWatch watch = DirectoryWatch.of(registry(), names());
    watch.wake();
    watch.wake();
    assertThat(millisecondsOf(watch)).isLessThan(1000);
    Thread closer =
        new Thread(
            () -> {
              try {
                Thread.sleep(300);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              watch.close();
            });
    closer.start();
    assertThat(millisecondsOf(watch)).isBetween(200L, 5000L);
    closer.join();
    watch.close();
    watch.wake();
  }
}
