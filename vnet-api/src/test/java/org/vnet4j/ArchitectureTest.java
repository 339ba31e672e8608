// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks that the model depends on no operating system. */
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
            DescribedPredicate.describe(
                "are in another package of ours",
                one ->
                    one.getPackageName().startsWith("org.vnet4j")
                        && !one.getPackageName().equals("org.vnet4j.net")))
        .check(MODEL);
  }

  @Test
  void no_signature_that_users_see_names_a_type_of_the_seam() {
    codeUnits()
        .that()
        .areDeclaredInClassesThat()
        .resideOutsideOfPackage("org.vnet4j.spi")
        .and(DescribedPredicate.describe("are seen by users", ArchitectureTest::isSeen))
        .should(nameNoTypeOfTheSeam())
        .check(MODEL);
  }

  private static boolean isSeen(JavaCodeUnit unit) {
    return isOpen(unit.getModifiers())
        && Stream.iterate(
                Optional.of(unit.getOwner()),
                Optional::isPresent,
                owner -> owner.flatMap(JavaClass::getEnclosingClass))
            .allMatch(owner -> isOpen(owner.orElseThrow().getModifiers()));
  }

  private static boolean isOpen(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  private static ArchCondition<JavaCodeUnit> nameNoTypeOfTheSeam() {
    return new ArchCondition<>("name no type of the seam") {
      @Override
      public void check(JavaCodeUnit unit, ConditionEvents events) {
        Stream.concat(unit.getParameterTypes().stream(), Stream.of(unit.getReturnType()))
            .flatMap(type -> type.getAllInvolvedRawTypes().stream())
            .filter(type -> type.getPackageName().equals("org.vnet4j.spi"))
            .forEach(
                type ->
                    events.add(
                        SimpleConditionEvent.violated(
                            unit, unit.getFullName() + " names " + type.getName())));
      }
    };
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
