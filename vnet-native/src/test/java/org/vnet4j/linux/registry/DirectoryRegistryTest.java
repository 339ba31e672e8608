// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.spi.JailSpec;

@EnabledOnOs(value = OS.LINUX, disabledReason = "the registry is that of the Linux provider")
class DirectoryRegistryTest {
  private static final long COOKIE = 0x4711;

  @TempDir Path temp;
  private DirectoryRegistry registry;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectory(temp.resolve("netns"));
    registry = new DirectoryRegistry(temp.resolve("vnet4j"), temp.resolve("netns"), temp);
  }

  /** Enters a jail without a namespace. */
  private JailRecord enter(String name) {
    return registry.enter(
        new JailSpec(name, 0, true, 2, "www", Map.of()), "test/1/2/3", made -> COOKIE);
  }

  private JailRecord enterBound(String name) {
    return registry.enter(
        new JailSpec(name, 0, true, 2, "www", Map.of()),
        "test/1/2/3",
        made -> {
          bind(name);
          return COOKIE;
        });
  }

  /** Binds a new file, which stands for a namespace. */
  private void bind(String name) {
    try {
      Path file = temp.resolve("netns").resolve(name);
      Path fresh = Files.createTempFile(temp, "namespace", "");
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_jail_that_was_entered_is_read_back() throws IOException {
    JailRecord jail = enterBound("outer.inner");
    Object inode = Files.getAttribute(temp.resolve("netns/outer.inner"), "unix:ino");

    assertThat(registry.list()).containsExactly(jail);
    assertThat(jail)
        .isEqualTo(new JailRecord(1, "outer.inner", true, 2, "www", "test/1/2/3", inode + "/4711"));
  }

  @Test
  void the_jails_in_a_jail_are_found_by_their_names() {
    enterBound("outer");
    JailRecord inner = enterBound("outer.inner");
    JailRecord innermost = enterBound("outer.inner.most");
    enterBound("outerwear");

    assertThat(registry.below("outer")).containsExactly(inner, innermost);
    assertThat(registry.countBelow("outer.inner")).isEqualTo(1);
    assertThat(registry.countBelow("outerwear")).isZero();
    assertThat(registry.find(inner.jid())).contains(inner);
    assertThat(new DirectoryRegistry(temp.resolve("vnet4j"), temp.resolve("netns"), temp).find(3))
        .contains(innermost);
  }

  /** Only a scan of all records fails: one of them cannot be read. */
  @Test
  void one_jail_is_looked_up_without_the_records_of_the_others() throws IOException {
    JailRecord outer = enterBound("outer");
    JailRecord inner = enterBound("outer.inner");
    JailRecord other = enterBound("other");
    Files.delete(temp.resolve("vnet4j/other.jail"));
    Files.createDirectory(temp.resolve("vnet4j/other.jail"));
    assertThatThrownBy(registry::list).isInstanceOf(VnetException.class);

    assertThat(registry.below("outer")).containsExactly(inner);
    assertThat(registry.hasRoom(outer)).isTrue();
    assertThat(registry.find("outer")).contains(outer);
    registry.remove(inner);
    assertThat(registry.find(inner.jid())).isEmpty();
    JailRecord second = enterBound("outer.second");
    JailRecord third = enterBound("outer.third");
    assertThat(registry.hasRoom(outer)).isFalse();
    assertThat(registry.below("outer")).containsExactly(second, third);
    assertThat(other.jid()).isEqualTo(3);
  }

  @Test
  void the_jails_of_other_programs_are_found_and_counted() {
    JailRecord outer = enterBound("outer");
    assertThat(registry.below("outer")).isEmpty();
    DirectoryRegistry mine = registry;
    registry = new DirectoryRegistry(temp.resolve("vnet4j"), temp.resolve("netns"), temp);
    JailRecord first = enterBound("outer.first");
    assertThat(mine.hasRoom(outer)).isTrue();
    assertThat(mine.below("outer")).containsExactly(first);
    JailRecord second = enterBound("outer.second");
    assertThat(mine.hasRoom(outer)).isFalse();
    assertThat(mine.find(second.jid())).contains(second);
    registry.remove(first);
    assertThat(mine.hasRoom(outer)).isTrue();
    assertThat(mine.below("outer")).containsExactly(second);
  }

  /** Its record is not written yet when the others are read: it is not forgotten. */
  @Test
  void a_jail_that_is_being_created_while_the_others_are_read_is_found_later() {
    JailRecord outer = enterBound("outer");
    DirectoryRegistry other =
        new DirectoryRegistry(temp.resolve("vnet4j"), temp.resolve("netns"), temp);
    JailRecord inner =
        registry.enter(
            new JailSpec("outer.inner", 0, true, 2, "www", Map.of()),
            "test/1/2/3",
            made -> {
              Path record = temp.resolve("vnet4j/outer.inner.jail");
              Path aside = temp.resolve("aside");
              try {
                Files.move(record, aside);
                assertThat(other.list()).containsExactly(outer);
                Files.move(aside, record);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              bind("outer.inner");
              return COOKIE;
            });

    assertThat(other.below("outer")).containsExactly(inner);
    assertThat(other.find(inner.jid())).contains(inner);
  }

  @Test
  void jails_are_found_after_the_last_number_was_lost() throws IOException {
    JailRecord outer = enterBound("outer");
    Files.delete(temp.resolve("vnet4j/last-jid"));
    DirectoryRegistry other =
        new DirectoryRegistry(temp.resolve("vnet4j"), temp.resolve("netns"), temp);

    assertThat(other.hasRoom(outer)).isTrue();
    assertThat(other.find(outer.jid())).contains(outer);
    JailRecord inner = enterBound("outer.inner");
    assertThat(inner.jid()).isEqualTo(2);
    assertThat(other.below("outer")).containsExactly(inner);
  }

  @Test
  void a_name_is_taken_while_its_namespace_is_there() throws IOException {
    enterBound("one");

    assertThat(
            registry.enter(new JailSpec("one", 0, false, 0, null, Map.of()), "o", made -> COOKIE))
        .isNull();
  }

  @Test
  void a_jail_whose_namespace_is_gone_is_no_jail_and_its_number_is_not_used_again()
      throws IOException {
    enter("one");

    assertThat(registry.list()).isEmpty();
    assertThat(enter("one").jid()).isEqualTo(2);
  }

  @Test
  void numbers_differ_for_all_threads() {
    Set<Integer> jids = ConcurrentHashMap.newKeySet();
    IntStream.range(0, 40).parallel().forEach(i -> jids.add(enter("jail" + i).jid()));

    assertThat(jids).isEqualTo(new HashSet<>(IntStream.rangeClosed(1, 40).boxed().toList()));
  }

  @Test
  void a_directory_that_others_may_enter_is_refused() throws IOException {
    Path open = temp.resolve("open");
    Files.createDirectory(open);
    Files.setPosixFilePermissions(
        open, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    DirectoryRegistry unsafe = new DirectoryRegistry(open, temp.resolve("netns"));

    assertThatThrownBy(
            () ->
                unsafe.enter(new JailSpec("one", 0, false, 0, null, Map.of()), "o", made -> COOKIE))
        .isInstanceOf(VnetException.class)
        .hasMessageContaining(open.toString())
        .hasMessageContaining("only root may enter");
  }

  @Test
  void a_damaged_record_is_left_out_of_lists_and_named_to_whoever_asks_for_it() throws IOException {
    JailRecord other = enterBound("two");
    Path record = temp.resolve("vnet4j/one.jail");
    enterBound("one");
    String good = Files.readString(record);
    byte[][] damages = {
      {},
      {(byte) 0xff, (byte) 0xfe, 10},
      "jid=".getBytes(StandardCharsets.UTF_8),
      good.replace("jid=2", "jid=99999999999").getBytes(StandardCharsets.UTF_8),
      good.replace("jid=2", "jid=0").getBytes(StandardCharsets.UTF_8),
      good.replace("name=one", "name=../../tmp/evil").getBytes(StandardCharsets.UTF_8),
      good.replace("name=one", "name=three").getBytes(StandardCharsets.UTF_8),
      good.replace("childrenMax=2", "childrenMax=-1").getBytes(StandardCharsets.UTF_8)
    };
    for (byte[] damage : damages) {
      Files.write(record, damage);
      assertThat(registry.list()).containsExactly(other);
      assertThatThrownBy(() -> registry.find("one"))
          .isInstanceOf(VnetException.class)
          .hasMessageContaining("one.jail is damaged")
          .hasMessageContaining("delete it");
    }
  }

  @Test
  void a_damaged_last_number_is_found_from_the_records() throws IOException {
    enterBound("one");
    enterBound("two");
    Files.writeString(temp.resolve("vnet4j/last-jid"), "");
    assertThat(enterBound("three").jid()).isEqualTo(3);
    Files.writeString(temp.resolve("vnet4j/last-jid"), Integer.toString(Integer.MAX_VALUE));
    assertThatThrownBy(() -> enter("four")).hasMessageContaining("no jid is left");
  }

  @Test
  void a_namespace_of_others_that_took_the_name_is_not_the_jail_and_is_left_alone() {
    JailRecord jail = enterBound("one");
    bind("one");

    assertThat(registry.list()).isEmpty();
    assertThat(registry.find("one")).isEmpty();
    assertThat(registry.remains()).containsExactly(jail);
    List<String> done = new ArrayList<>();
    registry.drop(jail, () -> done.add("before"));
    assertThat(done).isEmpty();
    assertThat(registry.remains()).isEmpty();
    assertThat(temp.resolve("netns/one")).exists();
  }

  @Test
  void what_a_killed_program_was_writing_is_deleted_with_the_remains() throws IOException {
    enterBound("one");
    Path unfinished = Files.createFile(temp.resolve("vnet4j/two.jail.new"));
    registry.remains();
    assertThat(unfinished).doesNotExist();
  }

  @Test
  void a_write_that_fails_leaves_no_file() throws IOException {
    Files.createDirectory(temp.resolve("vnet4j"), DirectoryRegistry.ONLY_ROOT);
    Files.createDirectories(temp.resolve("vnet4j/last-jid/in-the-way"));
    assertThatThrownBy(() -> enter("one")).hasMessageContaining("cannot write the registry");
    try (Stream<Path> files = Files.list(temp.resolve("vnet4j"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("last-jid", "lock");
    }
  }

  @Test
  void a_lock_that_is_not_free_ends_a_wait_by_interrupt_and_names_its_holder() throws Exception {
    enterBound("one");
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    Thread holder =
        new Thread(
            () ->
                registry.enter(
                    new JailSpec("two", 0, false, 0, null, Map.of()),
                    "o",
                    made -> {
                      inside.countDown();
                      awaitQuietly(leave);
                      return COOKIE;
                    }));
    holder.start();
    inside.await();
    try {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> enter("three")).isInstanceOf(Vnet.InterruptException.class);
      assertThat(Thread.interrupted()).isTrue();
    } finally {
      leave.countDown();
      holder.join();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void what_another_copy_of_the_library_in_this_jvm_has_locked_is_waited_for() throws Exception {
    enterBound("one");
    Path lock = temp.resolve("vnet4j/lock");
    FileChannel other = FileChannel.open(lock, StandardOpenOption.WRITE);
    FileLock held = other.lock();
    CompletableFuture<JailRecord> entered = CompletableFuture.supplyAsync(() -> enterBound("two"));
    assertThatThrownBy(() -> entered.get(200, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    held.release();
    assertThat(entered.get().name()).isEqualTo("two");
    other.close();
  }
}
