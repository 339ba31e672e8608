// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.selftest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Checks which packages of other modules each module uses. It is in this module because this is the
 * last one with tests.
 */
class ModuleBoundariesTest {
  private static final String[] NATIVE = {
    "org.vnet4j.posix..", "org.vnet4j.linux..", "org.vnet4j.freebsd.."
  };

  /** The benchmark of the codecs uses them directly. */
  private static final ArchRule ONLY_THE_PROVIDERS_ARE_NATIVE =
      noClasses()
          .that()
          .resideOutsideOfPackages(NATIVE)
          .and()
          .haveNameNotMatching("org\\.vnet4j\\.benchmarks\\.(.*\\.)?Codec(_.*)?(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(NATIVE);

  private static final ArchRule ONLY_THE_MODEL_PROVIDERS_AND_THE_CONTRACT_USE_THE_SEAM =
      noClasses()
          .that()
          .resideOutsideOfPackages(NATIVE)
          .and()
          .resideOutsideOfPackages(
              "org.vnet4j",
              "org.vnet4j.capture",
              "org.vnet4j.event",
              "org.vnet4j.firewall",
              "org.vnet4j.probe",
              "org.vnet4j.spi",
              "org.vnet4j.contract..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.vnet4j.spi..");

  @Test
  void no_module_but_the_providers_uses_their_packages() throws Exception {
    ONLY_THE_PROVIDERS_ARE_NATIVE.check(ours());
  }

  @Test
  void the_seam_is_used_by_the_model_the_providers_and_the_contract_alone() throws Exception {
    ONLY_THE_MODEL_PROVIDERS_AND_THE_CONTRACT_USE_THE_SEAM.check(ours());
  }

  @Test
  void a_planted_class_breaks_both_rules() {
    JavaClasses planted = new ClassFileImporter().importPackages("org.vnet4j.selftest.planted");
    for (ArchRule rule :
        List.of(
            ONLY_THE_PROVIDERS_ARE_NATIVE,
            ONLY_THE_MODEL_PROVIDERS_AND_THE_CONTRACT_USE_THE_SEAM)) {
      assertThatThrownBy(() -> rule.check(planted))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("Intruder");
    }
  }

  private static JavaClasses ours() throws Exception {
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      List<Path> classes =
          modules
              .filter(path -> path.getFileName().toString().startsWith("vnet-"))
              .filter(path -> !path.endsWith("vnet-simulation"))
              .map(path -> path.resolve("target/classes"))
              .filter(Files::isDirectory)
              .toList();
      assertThat(classes).as("modules that are built").hasSizeGreaterThan(7);
      return new ClassFileImporter().importPaths(classes);
    }
  }
}
