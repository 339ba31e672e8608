// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.junit;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;
import org.vnet4j.topology.Topology;
import org.vnet4j.topology.file.TopologyFile;

/** Finds the topology of a test, in a field, a method or a file. */
final class Source {
  private Source() {}

  static Optional<Topology> topology(TestSettings settings, ExtensionContext context) {
    if (!settings.file().isEmpty()) {
      return Optional.of(read(settings.file(), context.getRequiredTestClass()));
    }
    return settings.topology().isEmpty()
        ? Optional.empty()
        : Optional.of(named(settings.topology(), context));
  }

  private static Topology named(String name, ExtensionContext context) {
    List<Class<?>> places = new ArrayList<>();
    int hash = name.indexOf('#');
    String member = name.substring(hash + 1);
    if (hash >= 0) {
      String other = name.substring(0, hash);
      places.add(
          ReflectionSupport.tryToLoadClass(other, context.getRequiredTestClass().getClassLoader())
              .getOrThrow(e -> wrong(name, "there is no class " + other, e)));
    } else {
      places.add(context.getRequiredTestClass());
      List<Class<?>> around = context.getEnclosingTestClasses();
      for (int i = around.size() - 1; i >= 0; i--) {
        places.add(around.get(i));
      }
    }
    for (Class<?> place : places) {
      Optional<Object> value = member(name, member, place);
      if (value.isPresent()) {
        if (value.get() instanceof Topology topology) {
          return topology;
        }
        throw wrong(name, "it is no Topology but a " + value.get().getClass().getName(), null);
      }
    }
    throw wrong(
        name,
        "there is no static field, nor a static method without parameters, of that name in "
            + places.stream().map(Class::getName).toList(),
        null);
  }

  private static Optional<Object> member(String name, String member, Class<?> place) {
    for (Field field :
        ReflectionSupport.findFields(
            place, one -> one.getName().equals(member), HierarchyTraversalMode.BOTTOM_UP)) {
      if (Modifier.isStatic(field.getModifiers())) {
        return Optional.ofNullable(
            ReflectionSupport.tryToReadFieldValue(field, null)
                .getOrThrow(e -> wrong(name, String.valueOf(e.getMessage()), e)));
      }
    }
    Optional<Method> method = ReflectionSupport.findMethod(place, member);
    return method
        .filter(one -> Modifier.isStatic(one.getModifiers()))
        .map(one -> ReflectionSupport.invokeMethod(one, null));
  }

  private static ExtensionConfigurationException wrong(
      String name, String why, @org.jspecify.annotations.Nullable Exception cause) {
    return new ExtensionConfigurationException(
        "@VnetTest: topology \"" + name + "\": " + why, cause);
  }

  private static Topology read(String file, Class<?> test) {
    try (InputStream in = test.getResourceAsStream(file)) {
      return in == null
          ? TopologyFile.read(Path.of(file))
          : TopologyFile.parse(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new ExtensionConfigurationException(
          "@VnetTest: file \"" + file + "\": it is no resource of " + test.getName() + ", and " + e,
          e);
    }
  }
}
