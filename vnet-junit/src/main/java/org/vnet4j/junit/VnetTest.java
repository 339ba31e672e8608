// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.vnet4j.Capability;

/**
 * Gives each test a sandbox of its own. A method with this annotation is a test, as with {@link
 * Test}; on a class the annotation applies to all tests in it, including parameterised and nested
 * ones.
 *
 * <pre>{@code
 * @VnetTest(topology = "LAB")
 * class WebTest {
 *   static final Topology LAB =
 *       Topology.named("lab").hosts("web", "db").link("web", "db").build().addressed("10.0.0.0/16");
 *
 *   @Test
 *   void the_web_server_reaches_the_database(@Node("web") Jail web, Network lab) {
 *     assertThat(web.ping("10.0.0.2").run().isAnswered()).isTrue();
 *   }
 * }
 * }</pre>
 *
 * <p>Tests, {@code @BeforeEach} and {@code @AfterEach} methods may have these parameters: the
 * {@link org.vnet4j.Vnet}, its {@link org.vnet4j.Host}; with a topology also the {@link
 * org.vnet4j.topology.Network}, the {@link org.vnet4j.topology.Topology} and, selected by {@link
 * Node}, the {@link org.vnet4j.Jail} of a node. Tests share nothing, so they may run in parallel.
 * The sandbox is closed after each test.
 *
 * <p>A test that fails has a picture of its network attached, an SVG, and with {@link #capture()}
 * the packets on its links, in pcapng files. They are published to JUnit's report, as a directory
 * {@code vnet} below {@code junit.platform.reporting.output.dir}, and the failure names them. If
 * the machine cannot open a sandbox, or lacks a capability that {@link #needs()} or the topology
 * requires, a test is skipped with the reason; with the configuration parameter {@code
 * org.vnet4j.junit.required=true} it fails instead.
 *
 * <p>JUnit is that of your project, 5.12 or later. With an older JUnit the tests fail at once, with
 * an error that says so.
 *
 * <p>A setting that the annotation of a method omits is taken from that of its class; one that a
 * nested class omits, from that of the class around it. Needs add up, and one {@code capture} of
 * them is enough.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@ExtendWith(VnetExtension.class)
@Test
public @interface VnetTest {
  /**
   * Names the topology: a static field, or a static method without parameters, of the test's class
   * or of a class around it; one of another class as {@code com.example.Labs#office}.
   *
   * @return its name; empty for none
   */
  String topology() default "";

  /**
   * Names a YAML or JSON file with the topology: a resource of the test's class, or else a file.
   *
   * @return such as {@code office.yaml}; empty for none
   */
  String file() default "";

  /**
   * Sets whether the packets on each link of the topology are captured, up to 4 MB for each.
   *
   * @return true to capture them
   */
  boolean capture() default false;

  /**
   * Lists the capabilities that the test needs.
   *
   * @return the capabilities; without them the test is skipped
   */
  Capability[] needs() default {};
}
