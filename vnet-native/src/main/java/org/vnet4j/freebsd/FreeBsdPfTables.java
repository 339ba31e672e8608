// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.vnet4j.KernelError;
import org.vnet4j.firewall.Table;
import org.vnet4j.freebsd.pf.PfListing;
import org.vnet4j.freebsd.sys.FreeBsdErrno;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.spi.TableDriver;

/**
 * The tables of pf's main rules, read and changed by pfctl(8). Constant tables belong to the loaded
 * rules and are not listed. See pfctl_table.c.
 */
final class FreeBsdPfTables implements TableDriver {
  private static final char ACTIVE = 'a';
  private static final char CONSTANT = 'c';
  private static final char PERSISTENT = 'p';
  private static final char REFERENCED = 'r';

  private final FreeBsdPf pf;

  FreeBsdPfTables(FreeBsdPf pf) {
    this.pf = pf;
  }

  /**
   * Returns the flags of each table by its name, one letter each, as {@code pfctl -v -s Tables}
   * prints them.
   */
  private Map<String, String> all() {
    Map<String, String> all = new TreeMap<>();
    String text = pf.pfctl("", "-v", "-s", "Tables").orThrow("pfctl -s Tables").out();
    for (String line : text.lines().toList()) {
      String[] parts = line.strip().split("\\s+");
      if (parts.length >= 2 && parts[0].matches("[-cpairhC]{6,7}")) {
        all.put(parts[1], parts[0]);
      }
    }
    return all;
  }

  private String flags(String table, String call) {
    String flags = all().get(table);
    if (flags == null || flags.indexOf(CONSTANT) >= 0) {
      throw new Table.NotFoundException(error(call, table, FreeBsdErrno.ESRCH));
    }
    return flags;
  }

  private static KernelError error(String call, String table, int errno) {
    return Errno.FREEBSD.error("pfctl -T " + call, table, errno, null);
  }

  /** Returns a definition of each table, as in pf.conf(5): a constant one with its addresses. */
  List<String> definitions() {
    List<String> lines = new ArrayList<>();
    all()
        .forEach(
            (table, flags) -> {
              if (flags.indexOf(ACTIVE) >= 0) {
                lines.add(
                    "table <"
                        + table
                        + ">"
                        + (flags.indexOf(CONSTANT) >= 0 ? " const" : "")
                        + (flags.indexOf(PERSISTENT) >= 0 ? " persist" : "")
                        + (flags.indexOf(CONSTANT) >= 0 ? " { " + addresses(table) + " }" : ""));
              }
            });
    return lines;
  }

  private String addresses(String table) {
    return String.join(", ", PfListing.lines(run(table, "show", "").out()));
  }

  /**
   * Returns definitions that keep the tables which would vanish with the last rule that refers to
   * them, when other rules are loaded.
   *
   * @param conf the other rules, which may define tables of the same names
   */
  String persistent(String conf) {
    return all().entrySet().stream()
        .filter(table -> table.getValue().indexOf(ACTIVE) >= 0)
        .filter(table -> table.getValue().indexOf(CONSTANT) < 0)
        .filter(table -> table.getValue().indexOf(PERSISTENT) < 0)
        .filter(table -> !conf.contains("table <" + table.getKey() + ">"))
        .map(table -> "table <" + table.getKey() + "> persist\n")
        .collect(Collectors.joining());
  }

  @Override
  public List<String> tables() {
    return all().entrySet().stream()
        .filter(table -> table.getValue().indexOf(CONSTANT) < 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public void create(String table) {
    pf.requireNoTrial();
    if (all().containsKey(table)) {
      throw new Table.ExistsException(error("add", table, FreeBsdErrno.EEXIST));
    }
    change(table, "add", List.of());
  }

  /** Destroys a table. Throws if rules refer to it, since pf would only empty such a table. */
  @Override
  public void destroy(String table) {
    pf.requireNoTrial();
    if (flags(table, "kill").indexOf(REFERENCED) >= 0) {
      throw new Table.BusyException(error("kill", table, FreeBsdErrno.EBUSY), null);
    }
    run(table, "kill", "");
  }

  @Override
  public List<Cidr> entries(String table) {
    flags(table, "show");
    return PfListing.lines(run(table, "show", "").out()).stream()
        .map(FreeBsdPfTables::prefix)
        .sorted(FreeBsdIpfwTables.ORDER)
        .toList();
  }

  /** Parses an entry. pfctl prints a single address without its prefix length. */
  private static Cidr prefix(String text) {
    if (text.indexOf('/') >= 0) {
      return Cidr.parse(text);
    }
    boolean six = text.indexOf(':') >= 0;
    return new Cidr(IpLiteral.parse(text), six ? 128 : 32);
  }

  @Override
  public void add(String table, List<Cidr> prefixes) {
    pf.requireNoTrial();
    flags(table, "add");
    change(table, "add", prefixes);
  }

  @Override
  public void delete(String table, List<Cidr> prefixes) {
    pf.requireNoTrial();
    flags(table, "delete");
    change(table, "delete", prefixes);
  }

  @Override
  public void flush(String table) {
    pf.requireNoTrial();
    flags(table, "flush");
    run(table, "flush", "");
  }

  private void change(String table, String command, List<Cidr> prefixes) {
    run(
        table,
        command,
        prefixes.stream().map(prefix -> prefix + "\n").collect(Collectors.joining()),
        "-f",
        "-");
  }

  private StackProgram.Output run(String table, String command, String input, String... more) {
    String[] arguments = new String[5 + more.length];
    String[] first = {"-q", "-t", table, "-T", command};
    System.arraycopy(first, 0, arguments, 0, first.length);
    System.arraycopy(more, 0, arguments, first.length, more.length);
    return pf.pfctl(input, arguments).orThrow("pfctl -t " + table + " -T " + command);
  }
}
