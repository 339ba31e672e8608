// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.junit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.vnet4j.Capability;

/**
 * The settings of a test, merged from the annotations of its method, its class and the classes
 * around that. The nearest topology counts.
 */
record TestSettings(String topology, String file, boolean capture, Set<Capability> needs) {

  static TestSettings of(ExtensionContext context) {
    List<VnetTest> found = new ArrayList<>();
    AnnotationSupport.findAnnotation(context.getTestMethod(), VnetTest.class).ifPresent(found::add);
    List<Class<?>> classes = new ArrayList<>(context.getEnclosingTestClasses());
    classes.add(context.getRequiredTestClass());
    Collections.reverse(classes); // the outermost was the first
    for (Class<?> one : classes) {
      AnnotationSupport.findAnnotation(one, VnetTest.class).ifPresent(found::add);
    }
    TestSettings all = new TestSettings("", "", false, Set.of());
    for (VnetTest one : found) {
      all = all.with(one, context);
    }
    return all;
  }

  private TestSettings with(VnetTest more, ExtensionContext context) {
    if (!more.topology().isEmpty() && !more.file().isEmpty()) {
      throw new ExtensionConfigurationException(
          "@VnetTest of "
              + context.getDisplayName()
              + " has both a topology, "
              + more.topology()
              + ", and a file, "
              + more.file());
    }
    Set<Capability> both = EnumSet.noneOf(Capability.class);
    both.addAll(needs);
    both.addAll(List.of(more.needs()));
    return hasTopology()
        ? new TestSettings(topology, file, capture || more.capture(), both)
        : new TestSettings(more.topology(), more.file(), capture || more.capture(), both);
  }

  boolean hasTopology() {
    return !topology.isEmpty() || !file.isEmpty();
  }
}
