// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpLiteral;

/**
 * Runs the system's DHCP client once, reads the lease from the hook that the client calls, and
 * applies it. The hook replaces the client's own script, which would overwrite the system's
 * resolv.conf.
 */
final class DhcpClient {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Prefix of the hook's error message if it cannot write the lease. */
  private static final int MOST_DELETIONS = 100;

  private static final String HOOK_SAYS = "lease-hook: ";

  private static final String EXITING = "exiting.";
  private static final String BUG_REPORTS = "If you think you have received this message";

  private final NetworkStack stack;
  private final NetInterface iface;
  private final String name;
  private final Duration patience;

  DhcpClient(NetworkStack stack, NetInterface iface, Duration patience) {
    if (patience.isNegative() || patience.isZero()) {
      throw new IllegalArgumentException("patience " + patience + " is not more than zero");
    }
    this.patience = patience;
    this.stack = stack;
    this.iface = iface;
    this.name = iface.nameIn(stack);
  }

  DhcpLease run() {
    return run(Program.find().orElseThrow(DhcpLease.NoClientException::new));
  }

  /** Restores the interface if any step fails or the thread is interrupted. */
  private DhcpLease run(Program program) {
    try (Transaction tx = stack.vnet().transaction()) {
      if (!iface.isUp()) {
        tx.onUndo("up of " + name, iface::down);
      }
      DhcpLease lease = obtain(program);
      apply(lease, tx);
      tx.commit();
      return lease;
    } catch (IOException e) {
      throw new VnetException("dhcp on " + name + ": " + e.getMessage(), e);
    }
  }

  private DhcpLease obtain(Program program) throws IOException {
    Path directory = Files.createTempDirectory("vnet-dhcp");
    try (Undo deletion = () -> delete(directory)) {
      Path hook = stack.driver().processes().leaseHook(directory);
      iface.up();
      try (Undo preparation = stack.driver().processes().prepareDhcp(name)::run) {
        return obtain(program, directory, hook);
      }
    }
  }

  /** Undoes a step at the end of a block; what fails then is added to an earlier failure. */
  private interface Undo extends AutoCloseable {
    @Override
    void close() throws IOException;
  }

  private DhcpLease obtain(Program program, Path directory, Path hook) throws IOException {
    Process client =
        stack
            .exec(program.command(stack, name, directory, hook))
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.to(directory.resolve("log").toFile()))
            .mergeError()
            .start();
    try {
      long deadline = System.nanoTime() + patience.toNanos();
      while (true) {
        boolean ended = client.waitFor(20, TimeUnit.MILLISECONDS);
        Optional<DhcpLease> lease = read(directory.resolve("lease"), program.name);
        if (lease.isPresent()) {
          return lease.get();
        }
        List<String> log = lines(directory.resolve("log"));
        Optional<String> refusal = log.stream().filter(l -> l.startsWith(HOOK_SAYS)).findFirst();
        if (refusal.isPresent()) {
          throw noLease(program, ", but what it got could not be written down: " + refusal.get());
        }
        if (ended || System.nanoTime() > deadline) {
          String waited = patience.toString().substring(2).toLowerCase(Locale.ROOT);
          throw noLease(
              program,
              (ended ? " ended with status " + client.exitValue() : " got none in " + waited)
                  + cause(log).map(line -> ": " + line).orElse(""));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Vnet.InterruptException("waiting for a DHCP lease on " + name);
    } finally {
      Exec.kill(client);
    }
  }

  /**
   * Returns the line of a client's log that names why it gave up: the last one, without those that
   * dhclient prints after each error, of ISC ("If you think you have received this message due to a
   * bug ..") as of FreeBSD ("exiting.").
   */
  static Optional<String> cause(List<String> log) {
    String cause = null;
    for (String line : log) {
      if (line.startsWith(BUG_REPORTS)) {
        break;
      }
      if (!line.isBlank() && !line.strip().equals(EXITING)) {
        cause = line.strip();
      }
    }
    return Optional.ofNullable(cause);
  }

  private DhcpLease.NoLeaseException noLease(Program program, String why) {
    return new DhcpLease.NoLeaseException(
        "dhcp on " + name + " of " + stack.name() + ": no lease; " + program.name + why);
  }

  private void apply(DhcpLease lease, Transaction tx) {
    Cidr address = lease.address();
    if (!iface.addresses().contains(address)) {
      tx.onUndo("address " + address, () -> deleteIfThere(address));
    }
    iface.inet(address);
    lease.router().ifPresent(router -> replaceDefaultRoute(router, tx));
  }

  private void replaceDefaultRoute(InetAddress router, Transaction tx) {
    Cidr everything = Cidr.parse("0.0.0.0/0");
    for (Route route : stack.routes().list()) {
      if (route.destination().equals(everything)) {
        stack.routes().delete(route);
        tx.onUndo("deletion of " + route, () -> stack.routes().add(route));
      }
    }
    stack.routes().add(Route.via(everything, router));
  }

  private void deleteIfThere(Cidr address) {
    try {
      iface.deleteAddress(address);
    } catch (NetInterface.AddressNotFoundException e) {
      return; // the address was not added yet
    }
  }

  private static Optional<DhcpLease> read(Path file, String client) throws IOException {
    try {
      return lease(told(Files.readAllLines(file, StandardCharsets.ISO_8859_1)), client);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Parses the hook's file: its environment, one variable a line. */
  static Map<String, String> told(List<String> lines) {
    Map<String, String> told = new HashMap<>();
    for (String line : lines) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        told.putIfAbsent(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return told;
  }

  /** Accepts the variable names of dhclient and dhcpcd and those of udhcpc. */
  static Optional<DhcpLease> lease(Map<String, String> told, String client) {
    boolean udhcpc = told.containsKey("ip");
    String ip = told.get(udhcpc ? "ip" : "new_ip_address");
    String mask = told.get(udhcpc ? "subnet" : "new_subnet_mask");
    if (ip == null || mask == null) {
      return Optional.empty();
    }
    try {
      List<InetAddress> routers = addresses(told.get(udhcpc ? "router" : "new_routers"));
      List<InetAddress> servers =
          addresses(told.get(udhcpc ? "serverid" : "new_dhcp_server_identifier"));
      Optional<String> time =
          Optional.ofNullable(told.get(udhcpc ? "lease" : "new_dhcp_lease_time"));
      return Optional.of(
          new DhcpLease(
              new Cidr(address(ip), prefixLength(address(mask))),
              routers.stream().findFirst(),
              addresses(told.get(udhcpc ? "dns" : "new_domain_name_servers")),
              servers.stream().findFirst(),
              time.map(seconds -> Duration.ofSeconds(Long.parseLong(seconds))),
              client));
    } catch (IllegalArgumentException e) {
      throw new DhcpLease.NoLeaseException(
          client + " told a lease that is none: " + e.getMessage());
    }
  }

  private static int prefixLength(InetAddress mask) {
    byte[] bytes = mask.getAddress();
    int length = 0;
    while (length < bytes.length * 8 && (bytes[length / 8] & 0x80 >> length % 8) != 0) {
      length++;
    }
    if (!new Cidr(mask, length).netmask().equals(mask)) {
      throw new IllegalArgumentException("netmask " + mask.getHostAddress());
    }
    return length;
  }

  private static List<InetAddress> addresses(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return List.of();
    }
    return Arrays.stream(text.strip().split("[ ,]+")).map(DhcpClient::address).toList();
  }

  private static InetAddress address(String text) {
    InetAddress address = IpLiteral.parse(text);
    if (address.getAddress().length != 4) {
      throw new IllegalArgumentException("\"" + text + "\" is no IPv4 address");
    }
    return address;
  }

  private static List<String> lines(Path log) throws IOException {
    return Files.readAllLines(log, StandardCharsets.ISO_8859_1);
  }

  /** A hook that the client had started may still write files there, or rename them. */
  private static void delete(Path directory) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
        return;
      } catch (DirectoryNotEmptyException | UncheckedIOException e) {
        if (attempt == MOST_DELETIONS) {
          throw e;
        }
        // A wait that an interrupt of this thread does not end.
        new CompletableFuture<Void>().completeOnTimeout(null, 10, TimeUnit.MILLISECONDS).join();
      }
    }
  }

  /** An installed DHCP client. */
  private record Program(String name, Path path) {

    static Optional<Program> find() {
      for (String name : List.of("dhclient", "udhcpc", "dhcpcd")) {
        for (String directory : Exec.DEFAULT_PATH.split(":")) {
          Path path = Path.of(directory, name);
          if (Files.isExecutable(path)) {
            return Optional.of(new Program(name, path));
          }
        }
      }
      return Optional.empty();
    }

    List<String> command(NetworkStack stack, String iface, Path directory, Path hook)
        throws IOException {
      List<String> command = new ArrayList<>(List.of(path.toString()));
      switch (name) {
        case "udhcpc" ->
            command.addAll(
                List.of(
                    "-f", "-q", "-n", "-t", "8", "-T", "1", "-i", iface, "-s", hook.toString()));
        case "dhcpcd" ->
            command.addAll(
                List.of("-4", "-1", "-B", "-f", "/dev/null", "-c", hook.toString(), iface));
        default -> {
          String leases = directory.resolve("leases").toString();
          String pid = directory.resolve("pid").toString();
          if (isIsc(stack)) {
            command.addAll(
                List.of(
                    "-4", "-1", "-d", "-sf", hook.toString(), "-lf", leases, "-pf", pid, iface));
          } else {
            Path configuration = directory.resolve("dhclient.conf");
            Files.writeString(configuration, "script \"" + hook + "\";\n");
            command.addAll(
                List.of("-d", "-c", configuration.toString(), "-l", leases, "-p", pid, iface));
          }
        }
      }
      return command;
    }

    /** Two programs are named dhclient: that of ISC, and that of OpenBSD, which FreeBSD ships. */
    private boolean isIsc(NetworkStack stack) {
      Exec.Result version = stack.exec(path.toString(), "--version").run(Duration.ofSeconds(10));
      return (version.out() + version.err()).contains("isc-dhclient");
    }
  }
}
