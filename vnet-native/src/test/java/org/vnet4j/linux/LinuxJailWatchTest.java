// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.contract.kit.Programs;
import org.vnet4j.linux.registry.DirectoryWatch;
import org.vnet4j.spi.JailWatch;

/**
 * Tests that a watch wakes when other programs create or remove jails. Without an event it would
 * not wake for an hour here, so that a wait that ends shows that there was one.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "inotify is of Linux")
@Timeout(240)
class LinuxJailWatchTest {
  private static final int EMFILE = 24;
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path temp;

  @Test
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

  private static Duration durationOf(JailWatch watch) {
    long start = System.nanoTime();
    watch.await();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @Test
  void directories_that_come_and_go_and_come_again_are_watched_and_strangers_are_not()
      throws IOException {
    try (JailWatch watch = DirectoryWatch.of(registry(), names(), HOUR)) {
      Files.createDirectory(temp.resolve("stranger"));
      watch.wake();
      watch.await();
      for (int round = 0; round < 2; round++) {
        Files.createDirectory(names());
        watch.await();
        Files.createDirectory(registry());
        watch.await();
        Files.createFile(names().resolve("web"));
        Files.createFile(registry().resolve("web.jail.new"));
        Files.delete(names().resolve("web"));
        watch.await();
        Files.writeString(registry().resolve("lock"), "");
        watch.await();
        Files.delete(registry().resolve("web.jail.new"));
        Files.delete(registry().resolve("lock"));
        Files.delete(registry());
        Files.delete(names());
        watch.await();
      }
    }
  }

  @Test
  void where_the_system_has_no_room_for_a_watch_it_is_looked_every_second() {
    try (JailWatch watch = DirectoryWatch.of(-EMFILE, registry(), names(), HOUR)) {
      assertThat(durationOf(watch)).isGreaterThan(Duration.ofMillis(900));
    }
  }

  @Test
  void who_waits_is_woken_once_and_when_it_is_closed() throws Exception {
    wokenOnceAndWhenClosed(DirectoryWatch.of(registry(), names(), HOUR));
    wokenOnceAndWhenClosed(JailWatch.polling(HOUR));
  }

  private static void wokenOnceAndWhenClosed(JailWatch watch) throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      watch.wake();
      watch.await();
    }
    Thread waiter = new Thread(watch::await);
    waiter.start();
    Await.untilIn(waiter, "await");
    waiter.join(200); // one that was woken twice ends meanwhile
    assertThat(waiter.isAlive()).isTrue();
    watch.close();
    waiter.join();
    watch.close();
    watch.wake();
  }
}
