// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.vnet4j.Capability;
import org.vnet4j.Vnet;

/** The Linux machine the tests run on: what it lets us do, and what lies about on it. */
final class Machine {
  private static final String REASON = whyNot();

  private Machine() {}

  /** Opens a sandbox, or skips the test with the reason why there can be none here. */
  static Vnet sandbox(Capability... without) {
    assumeTrue(REASON.isEmpty(), REASON);
    return Vnet.builder().application("test").without(without).sandbox();
  }

  private static String whyNot() {
    try (Vnet vnet = Vnet.sandbox()) {
      return "";
    } catch (Vnet.UnsupportedException | Vnet.NotPermittedException e) {
      return e.getMessage();
    }
  }

  /** Tells whether tests may use the machine's own stack, under names of their own. */
  static boolean mayChangeTheMachine() {
    try (Vnet vnet = Vnet.open()) {
      return true;
    } catch (Vnet.UnsupportedException | Vnet.NotPermittedException e) {
      return false;
    }
  }

  /** Names what a test could leave behind and is there now. */
  static Set<String> leftovers() {
    Set<String> found = new TreeSet<>();
    addFiles(found, Path.of("/run/netns"), "");
    addFiles(found, Path.of("/run/vnet4j"), "");
    addFiles(found, Path.of("/sys/class/net"), "");
    addFiles(found, Path.of(System.getProperty("java.io.tmpdir")), "vnet");
    ProcessHandle.current()
        .descendants()
        .forEach(process -> found.add("process " + process.pid() + " " + process.info().command()));
    try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
      for (Path link : links.toList()) {
        descriptor(link, found);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private static void descriptor(Path link, Set<String> found) throws IOException {
    try {
      String target = Files.readSymbolicLink(link).toString();
      if (!target.endsWith(".jar") && !target.contains("/proc/") && !target.endsWith(".so")) {
        found.add("descriptor " + link.getFileName() + " " + target);
      }
    } catch (java.nio.file.NoSuchFileException e) {
      found.remove(link.toString()); // closed while we looked: it was the listing's own
    }
  }

  private static void addFiles(Set<String> found, Path directory, String prefix) {
    if (!Files.isReadable(directory)) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<String> names = files.map(Path::toString).toList();
      names.stream()
          .filter(name -> name.startsWith(directory.resolve(prefix).toString()))
          .forEach(found::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
