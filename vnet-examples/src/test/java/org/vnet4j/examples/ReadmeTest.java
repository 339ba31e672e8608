// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles every Java example of the README unchanged. */
class ReadmeTest {
  private static final Path README = Path.of("..", "README.md");
  private static final Pattern BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern CODE =
      Pattern.compile("`((?:host|jail|iface|vnet|System)\\.[^`]*)`");
  private static final String GIVEN =
      "Host host, Jail jail, NetInterface iface, Path dir, List<Epair> cables";

  private static final String HEAD =
      """
      import static org.vnet4j.firewall.Rules.*;
      import java.net.*;
      import java.nio.channels.*;
      import java.nio.file.Path;
      import java.time.Duration;
      import java.util.List;
      import javax.net.SocketFactory;
      import org.vnet4j.*;
      import org.vnet4j.capture.*;
      import org.vnet4j.event.*;
      import org.vnet4j.firewall.*;
      import org.vnet4j.net.*;
      import org.vnet4j.rehearsal.*;
      import org.vnet4j.topology.*;

      abstract class Example {
      """;

  @TempDir Path temp;

  @Test
  void every_example_compiles() throws Exception {
    String readme = Files.readString(README);
    List<String> methods = new ArrayList<>();
    Matcher block = BLOCK.matcher(readme);
    while (block.find()) {
      String code = block.group(1);
      if (code.contains("public class ")) {
        continue; // a program; the other test runs it
      }
      boolean whole = code.contains("Vnet vnet =");
      methods.add(method(whole ? "" : "Vnet vnet, Host host, Jail jail", code, methods.size()));
    }
    int blocks = methods.size();
    Matcher code = CODE.matcher(BLOCK.matcher(readme).replaceAll(""));
    while (code.find()) {
      methods.add(method("Vnet vnet, " + GIVEN, statement(code.group(1)), methods.size()));
    }

    assertThat(blocks).isGreaterThanOrEqualTo(3);
    assertThat(methods).hasSizeGreaterThanOrEqualTo(blocks + 12);
    assertThat(compile(HEAD + String.join("\n", methods) + "}\n")).isEmpty();
  }

  /** The program that the README begins with, pasted and run. */
  @Test
  void the_first_program_runs_as_it_stands_there() throws Exception {
    Sandboxes.open().close();
    Matcher block = BLOCK.matcher(Files.readString(README));
    assertThat(block.find()).isTrue();
    Sample.compile(temp, "TwoStacks", block.group(1));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command = new ArrayList<>(List.of(java.toString()));
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    String path = temp + File.pathSeparator + System.getProperty("java.class.path");
    command.addAll(List.of("-cp", path, "TwoStacks"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes());

    assertThat(process.waitFor()).as(printed).isZero();
    assertThat(printed).contains("2 packets received", "inet 192.0.2.2", "networkjail");
  }

  private static String method(String given, String body, int number) {
    return "  void example" + number + "(" + given + ") throws Exception {\n" + body + "\n  }\n";
  }

  /** Assigns an expression that is only a value, since javac requires a statement. */
  private static String statement(String code) {
    String text = code.endsWith("(...)") ? code.replace("(...)", "(Capability.VLAN)") : code;
    boolean nothing =
        text.startsWith("System.")
            || text.contains("forwarding(true)")
            || text.startsWith("vnet.destroy");
    return (nothing ? text : "Object it = " + text) + ";";
  }

  private String compile(String source) throws IOException, InterruptedException {
    Path file = temp.resolve("Example.java");
    Files.writeString(file, source);
    String path =
        System.getProperty("jdk.module.path", "")
            + File.pathSeparator
            + System.getProperty("java.class.path", "");
    Path javac = Path.of(System.getProperty("java.home"), "bin", "javac");
    Process process =
        new ProcessBuilder(
                javac.toString(), "-proc:none", "-d", temp.toString(), "-cp", path, file.toString())
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes());
    process.waitFor();
    return out;
  }
}
