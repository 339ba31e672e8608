// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The laboratory stands on the public model alone. */
class LabArchitectureTest {
  private static final JavaClasses LAB =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPath(Path.of("target", "classes"));

  @Test
  void it_stands_on_java_the_model_and_a_reader_of_yaml_alone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify..", "org.snakeyaml.engine.v2..", "org.vnet4j..")
        .check(LAB);
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.vnet4j.spi..", "org.vnet4j.posix..", "org.vnet4j.linux..", "org.vnet4j.freebsd..")
        .check(LAB);
  }

  @Test
  void it_loads_no_libraries_and_starts_no_processes() {
    noClasses()
        .should()
        .callMethod(System.class, "loadLibrary", String.class)
        .orShould()
        .callMethod(System.class, "load", String.class)
        .orShould()
        .callMethod(ProcessBuilder.class, "start")
        .orShould()
        .callMethod(Runtime.class, "exec", String[].class)
        .check(LAB);
  }

  @Test
  void no_packages_use_each_other() {
    slices().matching("org.vnet4j.(**)").should().beFreeOfCycles().check(LAB);
  }
}
