// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The model knows no operating system. */
class ArchitectureTest {
  private static final JavaClasses MODEL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPath(Path.of("target", "classes"));

  @Test
  void the_model_is_native_free() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "jnr..",
            "com.kenai.jffi..",
            "org.vnet4j.posix..",
            "org.vnet4j.linux..",
            "org.vnet4j.freebsd..",
            "sun..",
            "com.sun..")
        .check(MODEL);
  }

  @Test
  void the_model_loads_no_libraries_and_starts_no_processes() {
    noClasses()
        .should()
        .callMethod(System.class, "loadLibrary", String.class)
        .orShould()
        .callMethod(System.class, "load", String.class)
        .orShould()
        .callMethod(ProcessBuilder.class, "start")
        .orShould()
        .callMethod(Runtime.class, "exec", String[].class)
        .check(MODEL);
  }

  @Test
  void the_values_import_no_other_package_of_ours() {
    noClasses()
        .that()
        .resideInAPackage("org.vnet4j.net")
        .should()
        .dependOnClassesThat(
            com.tngtech.archunit.base.DescribedPredicate.describe(
                "are in another package of ours",
                one ->
                    one.getPackageName().startsWith("org.vnet4j")
                        && !one.getPackageName().equals("org.vnet4j.net")))
        .check(MODEL);
  }

  @Test
  void what_is_built_on_the_model_knows_nothing_of_the_seam() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "org.vnet4j.topology..", "org.vnet4j.rehearsal..", "org.vnet4j.picture..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.vnet4j.spi..")
        .check(MODEL);
  }

  @Test
  void the_model_stands_on_java_slf4j_and_jspecify_alone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "javax.net..", "org.slf4j..", "org.jspecify..", "org.vnet4j..")
        .check(MODEL);
  }
}
