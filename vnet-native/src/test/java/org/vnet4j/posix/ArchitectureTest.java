// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vnet4j.posix.ArchitectureRules.groundFloorKnowsNoDriver;
import static org.vnet4j.posix.ArchitectureRules.knowsNothingOf;
import static org.vnet4j.posix.ArchitectureRules.noCyclesBetweenPackages;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vnet4j.spi.VnetProvider;

/** Checks the dependencies between the packages of this module. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPath(Path.of("target", "classes"));

  private static final JavaClasses PLANTED =
      new ClassFileImporter().importPackages("org.vnet4j.posix.planted");

  private static final String PLANT = "org.vnet4j.posix.planted.";

  @Test
  void nothing_of_linux_is_reachable_from_freebsd() {
    knowsNothingOf("org.vnet4j.freebsd", "org.vnet4j.linux").check(CLASSES);
  }

  @Test
  void nothing_of_freebsd_is_reachable_from_linux() {
    knowsNothingOf("org.vnet4j.linux", "org.vnet4j.freebsd").check(CLASSES);
  }

  @Test
  void what_both_share_knows_neither() {
    knowsNothingOf("org.vnet4j.posix", "org.vnet4j.linux").check(CLASSES);
    knowsNothingOf("org.vnet4j.posix", "org.vnet4j.freebsd").check(CLASSES);
  }

  @Test
  void the_ground_floor_knows_no_driver() {
    groundFloorKnowsNoDriver("org.vnet4j.freebsd").check(CLASSES);
    groundFloorKnowsNoDriver("org.vnet4j.linux").check(CLASSES);
  }

  @Test
  void no_packages_use_each_other() {
    noCyclesBetweenPackages("org.vnet4j").check(CLASSES);
  }

  @Test
  void planted_classes_break_each_rule() {
    assertBroken(knowsNothingOf(PLANT + "first", PLANT + "second"), "Drone");
    assertBroken(groundFloorKnowsNoDriver(PLANT + "second"), "Codec");
    assertBroken(noCyclesBetweenPackages(PLANT.substring(0, PLANT.length() - 1)), "Cycle");
  }

  private static void assertBroken(ArchRule rule, String named) {
    assertThatThrownBy(() -> rule.check(PLANTED))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(named);
  }

  @Test
  void the_name_of_the_system_is_asked_for_by_providers_and_bindings_alone() throws IOException {
    List<String> askers = new ArrayList<>();
    for (Path sources :
        List.of(
            Path.of("src/main/java"),
            Path.of("../vnet-api/src/main/java"),
            Path.of("../vnet-lab/src/main/java"))) {
      try (Stream<Path> files = Files.walk(sources)) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          if (Files.readString(file).contains("\"os.name\"")) {
            askers.add(file.getFileName().toString());
          }
        }
      }
    }

    assertThat(askers)
        .containsExactlyInAnyOrder(
            "Abi.java",
            "HelperPlatform.java",
            "Native.java",
            "NativeLibc.java",
            "Owners.java",
            "FreeBsdProvider.java",
            "LinuxProvider.java");
  }

  @Test
  void every_provider_is_named_for_the_class_path_as_for_the_module_path() throws IOException {
    Path services = Path.of("src/main/resources/META-INF/services", VnetProvider.class.getName());
    String module = Files.readString(Path.of("src/main/java/module-info.java"));

    assertThat(Files.readAllLines(services))
        .containsExactlyInAnyOrder(
            "org.vnet4j.linux.LinuxProvider", "org.vnet4j.freebsd.FreeBsdProvider")
        .allSatisfy(name -> assertThat(module).contains(name));
  }
}
