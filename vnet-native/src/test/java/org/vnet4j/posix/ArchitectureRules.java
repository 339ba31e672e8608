// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;

/**
 * The rules about dependencies between packages, for any root package. {@link ArchitectureTest}
 * checks them on the providers, and on planted classes that break them.
 */
final class ArchitectureRules {
  private ArchitectureRules() {}

  /** The packages below a kernel's package use no class of that package itself. */
  static ArchRule groundFloorKnowsNoDriver(String kernel) {
    return noClasses()
        .that()
        .resideInAPackage(kernel + ".*..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(kernel);
  }

  /** No two packages use each other, directly or by way of others. */
  static ArchRule noCyclesBetweenPackages(String root) {
    return slices().matching(root + ".(**)").should().beFreeOfCycles();
  }

  /**
   * No class below the first package depends on a class below the second, directly or indirectly.
   */
  static ArchRule knowsNothingOf(String first, String second) {
    return noClasses()
        .that()
        .resideInAPackage(first + "..")
        .should()
        .transitivelyDependOnClassesThat()
        .resideInAPackage(second + "..");
  }
}
