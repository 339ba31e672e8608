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
import org.vnet4j.contract.kit.Programs;
import org.vnet4j.linux.registry.DirectoryWatch;
import org.vnet4j.spi.JailWatch;

/** Tests that a watch wakes at once when other programs create or remove jails. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "inotify is of Linux")
class LinuxJailWatchTest {
  private static final int EMFILE = 24;
  @TempDir Path temp;

  @Test
  @Timeout(240)
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

  /** Returns the shortest of several waits, as the machine may be busy for a while. */
  private static long best(JailWatch watch, int times) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < times; i++) {
      watch.wake();
      best = Math.min(best, millisecondsOf(watch));
    }
    return best;
  }

  @Test
  void directories_that_come_and_go_and_come_again_are_watched_and_strangers_are_not()
      throws IOException {
    long all = 0;
    try (JailWatch watch = DirectoryWatch.of(registry(), names())) {
      Files.createDirectory(temp.resolve("stranger"));
      watch.wake();
      all += millisecondsOf(watch);
      for (int round = 0; round < 2; round++) {
        Files.createDirectory(names());
        all += millisecondsOf(watch);
        Files.createDirectory(registry());
        all += millisecondsOf(watch);
        Files.createFile(names().resolve("web"));
        Files.createFile(registry().resolve("web.jail.new"));
        Files.delete(names().resolve("web"));
        all += millisecondsOf(watch);
        Files.writeString(registry().resolve("lock"), "");
        all += millisecondsOf(watch);
        Files.delete(registry().resolve("web.jail.new"));
        Files.delete(registry().resolve("lock"));
        Files.delete(registry());
        Files.delete(names());
        all += millisecondsOf(watch);
      }
    }
    // Eleven waits, which would take a second each by polling.
    assertThat(all).isLessThan(5_000);
  }

  @Test
  void where_the_system_has_no_room_for_a_watch_it_is_looked_every_second() {
    try (JailWatch watch = DirectoryWatch.of(-EMFILE, registry(), names())) {
      assertThat(millisecondsOf(watch)).isBetween(900L, 5000L);
      assertThat(best(watch, 5)).isLessThan(900);
    }
  }

  @Test
  void who_waits_is_woken_once_and_when_it_is_closed() throws Exception {
    JailWatch watch = DirectoryWatch.of(registry(), names());
    watch.wake();
    assertThat(best(watch, 5)).isLessThan(1000);
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
    long start = System.nanoTime();
    closer.start();
    watch.await();
    assertThat((System.nanoTime() - start) / 1_000_000).isBetween(200L, 5000L);
    closer.join();
    watch.close();
    watch.wake();
  }
}
