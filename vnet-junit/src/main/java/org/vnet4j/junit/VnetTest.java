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
 * Gives each test a sandbox of its own. On a method it makes it a test, as {@link Test} does; on a
 * class it is for all tests in it, parameterised and nested ones too.
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
 * <p>Parameters of tests, {@code @BeforeEach} and {@code @AfterEach} methods may be: the {@link
 * org.vnet4j.Vnet}, its {@link org.vnet4j.Host}; with a topology also the {@link
 * org.vnet4j.topology.Network}, the {@link org.vnet4j.topology.Topology} and, named by {@link
 * Node}, the {@link org.vnet4j.Jail} of a node. Tests share nothing, so they may run in parallel.
 * All is gone after each.
 *
 * <p>A test that fails has a picture of its network attached, an SVG, and with {@link #capture()}
 * what went by, in pcapng files. They are published to JUnit's report, into the directory of {@code
 * junit.platform.reporting.output.dir}, and the failure names them. Where the machine has no
 * sandbox, or not what {@link #needs()} or the topology asks for, a test is skipped with the
 * reason; with the configuration parameter {@code org.vnet4j.junit.required=true} it fails instead.
 *
 * <p>What a method's annotation leaves out is taken from that of its class.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@ExtendWith(VnetExtension.class)
@Test
public @interface VnetTest {
  /**
   * Names a static field, or a static method without parameters, of the test's class or one around
   * it, that has the topology; of another class as {@code com.example.Labs#office}.
   *
   * @return its name; empty for none
   */
  String topology() default "";

  /**
   * Names a YAML or JSON file that has the topology: a resource of the test's class, else a file.
   * Needs vnet-topology-yaml.
   *
   * @return such as {@code office.yaml}; empty for none
   */
  String file() default "";

  /**
   * Tells whether what goes by on each link of the topology is captured, up to 4 MB for each.
   *
   * @return true to have it
   */
  boolean capture() default false;

  /**
   * Lists what the kernel must be able to do.
   *
   * @return the capabilities; without them the test is skipped
   */
  Capability[] needs() default {};
}
