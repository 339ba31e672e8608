// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.junit;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.ReflectionSupport;
import org.opentest4j.TestAbortedException;
import org.vnet4j.Capability;
import org.vnet4j.Host;
import org.vnet4j.Jail;
import org.vnet4j.NetworkStack;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.topology.Network;
import org.vnet4j.topology.Topology;

/**
 * Opens a laboratory before each test, resolves the test's parameters from it, and closes it after
 * the test.
 */
final class VnetExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
  private static final ExtensionContext.Namespace OURS =
      ExtensionContext.Namespace.create(VnetExtension.class);
  private static final String REQUIRED = "org.vnet4j.junit.required";
  private static final Set<Class<?>> TYPES =
      Set.of(Vnet.class, Host.class, Network.class, Topology.class, Jail.class, NetworkStack.class);

  /** A class of JUnit's since {@link #FLOOR}, which this extension does not use. */
  private static final String SINCE_FLOOR = "org.junit.jupiter.api.extension.PreInterruptCallback";

  private static final String FLOOR = "5.12";

  /** Is called by JUnit before the tests of a class, or the annotated test, start. */
  VnetExtension() {
    this(ExtensionContext.class.getClassLoader());
  }

  /**
   * Checks the version of JUnit. Before 5.12 an extension can neither publish a file nor ask for
   * the classes around a nested one.
   *
   * @param junit loads the classes of JUnit
   * @throws ExtensionConfigurationException if JUnit is too old
   */
  VnetExtension(ClassLoader junit) {
    if (ReflectionSupport.tryToLoadClass(SINCE_FLOOR, junit).toOptional().isEmpty()) {
      String version = ExtensionContext.class.getPackage().getImplementationVersion();
      throw new ExtensionConfigurationException(
          "@VnetTest needs JUnit "
              + FLOOR
              + " or later; this is "
              + (version == null ? "an older version" : "JUnit " + version));
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    TestSettings settings = TestSettings.of(context);
    Optional<Topology> topology = Source.topology(settings, context);
    try {
      // JUnit's store closes it, even if the rest of this method fails.
      Laboratory laboratory = new Laboratory(Vnet.builder().application("junit").sandbox());
      context.getStore(OURS).put(Laboratory.class, laboratory);
      for (Capability capability : settings.needs()) {
        if (!laboratory.vnet().has(capability)) {
          throw new Vnet.UnsupportedException(
              laboratory.vnet().kernelVersion() + " has no " + capability);
        }
      }
      topology.ifPresent(one -> laboratory.apply(one, settings.capture()));
    } catch (Vnet.UnsupportedException | Vnet.NotPermittedException e) {
      cannot(context, e);
    }
  }

  private static void cannot(ExtensionContext context, VnetException reason) {
    if (context.getConfigurationParameter(REQUIRED).map(Boolean::parseBoolean).orElse(false)) {
      throw reason;
    }
    Assumptions.abort(reason.getMessage());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Laboratory laboratory = context.getStore(OURS).get(Laboratory.class, Laboratory.class);
    if (laboratory == null) {
      return;
    }
    context
        .getExecutionException()
        .filter(failure -> !(failure instanceof TestAbortedException))
        .ifPresent(failure -> FailureReport.of(context, laboratory, failure));
    laboratory.close();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return TYPES.contains(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    Laboratory laboratory = context.getStore(OURS).get(Laboratory.class, Laboratory.class);
    if (laboratory == null) {
      throw new ParameterResolutionException(
          "each test has a sandbox of its own: ask for a "
              + type.getSimpleName()
              + " in a test, or in a @BeforeEach or @AfterEach method");
    }
    if (type == Vnet.class) {
      return laboratory.vnet();
    }
    if (type == Host.class) {
      return laboratory.vnet().host();
    }
    Network network =
        laboratory
            .network()
            .orElseThrow(
                () ->
                    new ParameterResolutionException(
                        type.getSimpleName()
                            + " "
                            + parameter.getParameter().getName()
                            + ": @VnetTest has neither topology nor file"));
    if (type == Network.class) {
      return network;
    }
    return type == Topology.class
        ? network.topology()
        : node(network, parameter.findAnnotation(Node.class).orElse(null), parameter);
  }

  private static Jail node(Network network, @Nullable Node node, ParameterContext parameter) {
    if (node == null) {
      throw new ParameterResolutionException(
          "Jail "
              + parameter.getParameter().getName()
              + ": say of which node, as in @Node(\"web\")");
    }
    if (network.topology().findNode(node.value()).isEmpty()) {
      throw new ParameterResolutionException(
          "topology " + network.topology().name() + " has no node " + node.value());
    }
    return network.node(node.value());
  }
}
