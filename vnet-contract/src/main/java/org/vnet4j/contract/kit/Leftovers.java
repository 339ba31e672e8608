// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.kit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Lists what a test could leave on any machine, found without this library's help. */
public final class Leftovers {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  /** Interfaces that Linux adds to every namespace when it loads a tunnel's module; they stay. */
  private static final Pattern OF_MODULES =
      Pattern.compile("/sys/class/net/(gre|gretap|erspan|sit|tunl|ip6tnl|ip6gre)0");

  private final Set<String> found = new TreeSet<>();

  private Leftovers() {}

  /**
   * Lists all of this user's that exists now.
   *
   * @return files, descriptors, processes, interfaces, namespaces or jails
   */
  public static Set<String> now() {
    Leftovers leftovers = new Leftovers();
    leftovers.files(Path.of(System.getProperty("java.io.tmpdir")), "vnet");
    leftovers.files(Path.of("/run/netns"), "");
    leftovers.files(Path.of("/run/vnet4j"), "");
    leftovers.files(Path.of("/sys/class/net"), "");
    leftovers.found.removeIf(OF_MODULES.asMatchPredicate());
    leftovers.descriptors();
    if (System.getProperty("os.name").equals("FreeBSD")) {
      leftovers.askFreeBsd();
    }
    leftovers.processes();
    return leftovers.found;
  }

  private void files(Path directory, String prefix) {
    list(directory).stream()
        .filter(file -> file.getFileName().toString().startsWith(prefix) && isOurs(file))
        .forEach(file -> found.add(file.toString()));
  }

  /** What belongs to another user was not left here. */
  private static boolean isOurs(Path file) {
    try {
      String owner = Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName();
      return owner.equals(System.getProperty("user.name"));
    } catch (NoSuchFileException e) {
      return false; // it ended meanwhile
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lists these by FreeBSD's own programs, as FreeBSD has no directory of them. */
  private void askFreeBsd() {
    output("/usr/sbin/jls", "-d", "name").forEach(name -> found.add("jail " + name));
    output("/sbin/ifconfig", "-l")
        .forEach(
            names -> List.of(names.split(" ")).forEach(name -> found.add("interface " + name)));
    String self = Long.toString(ProcessHandle.current().pid());
    int descriptors = output("/usr/bin/procstat", "-f", self).size();
    for (int i = 1; i <= descriptors; i++) { // numbered, so that an additional one shows
      found.add("descriptor, one of " + i);
    }
  }

  private static List<String> output(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      try (BufferedReader reader = process.inputReader()) {
        List<String> lines = reader.lines().toList();
        process.waitFor();
        return lines;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void processes() {
    ProcessHandle.current()
        .descendants()
        .forEach(
            process ->
                found.add("process " + process.pid() + " " + process.info().command().orElse("?")));
  }

  private void descriptors() {
    for (Path link : list(DESCRIPTORS)) {
      try {
        String target = Files.readSymbolicLink(link).toString();
        if (!target.endsWith(".jar") && !target.contains("/proc/") && !target.endsWith(".so")) {
          found.add("descriptor " + link.getFileName() + " " + target);
        }
      } catch (NoSuchFileException e) {
        found.remove(link.toString()); // the listing's own descriptor, closed meanwhile
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static List<Path> list(Path directory) {
    if (!Files.isReadable(directory) || !Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
