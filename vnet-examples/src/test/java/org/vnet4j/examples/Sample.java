// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;

/** A sample of the documentation: compiled unchanged, and run with the objects that it expects. */
final class Sample {
  static final String HEAD =
      """
      import static org.assertj.core.api.Assertions.assertThat;
      import static org.vnet4j.firewall.Rules.*;
      import io.micrometer.core.instrument.MeterRegistry;
      import java.net.InetAddress;
      import java.nio.channels.*;
      import java.nio.file.*;
      import java.time.Duration;
      import java.util.Map;
      import java.util.concurrent.Flow;
      import org.junit.jupiter.api.Test;
      import org.vnet4j.*;
      import org.vnet4j.capture.*;
      import org.vnet4j.event.*;
      import org.vnet4j.firewall.*;
      import org.vnet4j.junit.Node;
      import org.vnet4j.junit.VnetTest;
      import org.vnet4j.micrometer.*;
      import org.vnet4j.net.*;
      import org.vnet4j.rehearsal.*;
      import org.vnet4j.topology.*;
      import org.vnet4j.topology.file.*;
      """;

  private final String code;
  private final Map<String, Object> given = new LinkedHashMap<>();

  Sample(String code) {
    this.code = code;
  }

  /** Passes the sample an object under the name that it uses. */
  Sample given(String name, Object value) {
    given.put(name, value);
    return this;
  }

  /** Adds a line of the test, such as one that prints the sample's result. */
  Sample then(String line) {
    Sample longer = new Sample(code + "\n" + line);
    longer.given.putAll(given);
    return longer;
  }

  /** Runs it and returns what it printed. */
  String run(Path directory) throws Exception {
    String parameters =
        given.entrySet().stream()
            .map(one -> type(one.getValue()) + " " + one.getKey())
            .collect(Collectors.joining(", "));
    String source = HEAD + "public class Sample {\npublic static void run(" + parameters + ")";
    compile(directory, "Sample", source + " throws Exception {\n" + code + "\n}\n}\n");
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream before = System.out;
    URL[] classes = {directory.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(classes, Sample.class.getClassLoader())) {
      System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
      Method run = loader.loadClass("Sample").getMethods()[0];
      run.invoke(null, given.values().toArray());
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      System.setOut(before);
    }
    return said.toString(StandardCharsets.UTF_8).strip();
  }

  /** Returns the name of a public type of the object. */
  private static String type(Object value) {
    Class<?> type = value.getClass();
    while (!java.lang.reflect.Modifier.isPublic(type.getModifiers())) {
      type = type.getInterfaces().length > 0 ? type.getInterfaces()[0] : type.getSuperclass();
    }
    return type.getCanonicalName() + (type.getTypeParameters().length > 0 ? "<Object>" : "");
  }

  /** Compiles a class and asserts that the compiler prints nothing. */
  static void compile(Path directory, String name, String source) throws IOException {
    Path file = Files.writeString(directory.resolve(name + ".java"), source);
    StringWriter said = new StringWriter();
    var javac = ToolProvider.getSystemJavaCompiler();
    List<String> options =
        List.of(
            "-proc:none", "-d", directory.toString(), "-cp", System.getProperty("java.class.path"));
    try (var files = javac.getStandardFileManager(null, null, null)) {
      javac.getTask(said, files, null, options, null, files.getJavaFileObjects(file)).call();
    }
    assertThat(said.toString()).as(source).isEmpty();
  }
}
