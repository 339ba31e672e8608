// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.selftest.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Central would refuse is found in a bundle, and a good bundle has no fault. */
final class CentralCheckTest {
  private static final String VERSION = "1.2";
  private static final String API = "org/vnet4j/vnet-api/1.2/vnet-api-1.2";
  private static final String SELFTEST = "org/vnet4j/vnet-selftest/1.2/vnet-selftest-1.2";

  @TempDir private Path directory;

  private final Map<String, byte[]> files = new TreeMap<>();

  @BeforeEach
  void a_bundle_without_a_fault() throws IOException {
    for (String artifact : CentralCheck.PUBLISHED) {
      String stem = "org/vnet4j/" + artifact + "/1.2/" + artifact + "-1.2";
      boolean jars = !List.of("vnet-bom", "vnet-selftest").contains(artifact);
      add(stem + ".pom", bytes(pom(artifact, jars)));
      if (jars) {
        add(stem + ".jar", jar("org/vnet4j/A.class", ""));
        add(stem + "-sources.jar", jar("org/vnet4j/A.java", ""));
        add(stem + "-javadoc.jar", jar("index.html", ""));
        add(stem + "-cyclonedx.json", bytes("{}"));
      }
    }
    add(
        SELFTEST + "-all.jar",
        jar("META-INF/MANIFEST.MF", "A: b\nMain-Class: x.Y\n", "META-INF/THIRD-PARTY.txt", ""));
  }

  @Test
  void is_found_without_a_fault() throws IOException {
    assertThat(faults()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".pom",
        ".jar",
        "-sources.jar",
        "-javadoc.jar",
        "-cyclonedx.json",
        ".jar.asc",
        ".jar.md5",
        ".jar.sha1",
        "-sources.jar.asc",
        ".pom.sha1"
      })
  void a_missing_file_is_found(String end) throws IOException {
    files.remove(API + end);

    assertThat(faults())
        .isNotEmpty()
        .allMatch(fault -> fault.contains(API) || fault.endsWith("no file of a component"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name",
        "description",
        "url",
        "licenses",
        "developers",
        "scm",
        "connection",
        "version",
        "groupId"
      })
  void a_missing_element_of_a_pom_is_found(String element) throws IOException {
    change(text -> text.replaceFirst("(?s)<" + element + ">.*?</" + element + ">", ""));

    assertThat(faults()).isNotEmpty().allMatch(fault -> fault.startsWith(API + ".pom: "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<parent><artifactId>vnet-parent</artifactId></parent>",
        "<repositories/>",
        "<inceptionYear>${revision}</inceptionYear>",
        "<dependency><groupId>a</groupId><artifactId>b</artifactId></dependency>",
        "<dependency><groupId>a</groupId><artifactId>b</artifactId><version>1-SNAPSHOT</version></dependency>",
        "<dependency><groupId>a</groupId><artifactId>b</artifactId><version>1</version><scope>test</scope></dependency>",
        "<dependency><groupId>org.vnet4j</groupId><artifactId>vnet-examples</artifactId><version>1.2</version></dependency>"
      })
  void what_a_pom_must_not_have_is_found(String element) throws IOException {
    change(text -> text.replace("</project>", element + "</project>"));

    assertThat(faults()).hasSize(1).allMatch(fault -> fault.startsWith(API + ".pom: "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vnet-examples/1.2/vnet-examples-1.2.pom",
        "vnet-native/1.2/vnet-native-1.2-tests.jar",
        "vnet-selftest/1.2/vnet-selftest-1.2.jar",
        "vnet-api/1.2/maven-metadata.xml",
        "vnet-api/1.3/vnet-api-1.3.pom",
        "vnet-api/readme.txt"
      })
  void what_must_not_be_published_is_found(String path) throws IOException {
    add("org/vnet4j/" + path, jar("index.html", ""));

    assertThat(faults()).isNotEmpty();
  }

  @Test
  void a_placeholder_of_the_owner_is_found() throws IOException {
    change(text -> text.replace("<url>u</url>", "<url>OWNER: address</url>"));

    assertThat(faults()).contains(API + ".pom: no url");
  }

  @Test
  void a_snapshot_is_found() throws IOException {
    Map<String, byte[]> snapshot = new TreeMap<>();
    files.forEach((name, content) -> snapshot.put(name.replace("1.2", "1.2-SNAPSHOT"), content));
    files.clear();
    files.putAll(snapshot);

    assertThat(faults()).contains("a snapshot: 1.2-SNAPSHOT");
  }

  @Test
  void a_wrong_check_sum_is_found() throws IOException {
    files.put(API + ".jar.md5", bytes("0".repeat(32)));

    assertThat(faults()).containsExactly(API + ".jar: wrong md5");
  }

  @Test
  void an_empty_jar_is_found() throws IOException {
    add(API + "-javadoc.jar", jar("README", ""));

    assertThat(faults()).containsExactly(API + "-javadoc.jar: contains no index\\.html");
  }

  @Test
  void a_self_test_that_does_not_start_is_found() throws IOException {
    add(SELFTEST + "-all.jar", jar("META-INF/THIRD-PARTY.txt", ""));

    assertThat(faults()).containsExactly(SELFTEST + "-all.jar: starts nothing");
  }

  @Test
  void a_module_that_the_bom_does_not_list_is_found() throws IOException {
    String bom = "org/vnet4j/vnet-bom/1.2/vnet-bom-1.2.pom";
    add(bom, bytes(pom("vnet-bom", false).replace("vnet-lab", "vnet-api")));

    assertThat(faults()).containsExactly(bom + ": does not list vnet-lab");
  }

  @Test
  void the_stub_takes_a_bundle_out_of_a_form() {
    String content = "PK\r\n\r\n--x\r\nrest\0";
    String body = "--x\r\nContent-Type: a\r\nB: c\r\n\r\n" + content + "\r\n--x--\r\n";

    assertThat(CentralStub.part(body.getBytes(StandardCharsets.ISO_8859_1)))
        .isEqualTo(content.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void change(UnaryOperator<String> change) throws IOException {
    String pom = new String(files.get(API + ".pom"), StandardCharsets.UTF_8);
    String changed = change.apply(pom);
    assertThat(changed).isNotEqualTo(pom);
    add(API + ".pom", bytes(changed));
  }

  private List<String> faults() throws IOException {
    Path bundle = directory.resolve("bundle.zip");
    try (OutputStream file = Files.newOutputStream(bundle)) {
      zip(file, files);
    }
    return CentralCheck.faults(bundle);
  }

  private void add(String name, byte[] content) {
    files.put(name, content);
    files.put(name + ".asc", bytes("-----BEGIN PGP SIGNATURE-----\n"));
    files.put(name + ".md5", bytes(digest("MD5", content)));
    files.put(name + ".sha1", bytes(digest("SHA-1", content)));
  }

  private static String pom(String artifact, boolean jars) {
    StringBuilder dependencies = new StringBuilder();
    for (String listed : artifact.equals("vnet-bom") ? CentralCheck.PUBLISHED : List.<String>of()) {
      dependencies.append(
          "<dependency><groupId>org.vnet4j</groupId><artifactId>%s</artifactId><version>${project.version}</version></dependency>\n"
              .formatted(listed));
    }
    return """
    <project><groupId>org.vnet4j</groupId><artifactId>%s</artifactId><version>%s</version>%s
    <name>n</name><description>d</description><url>u</url>
    <licenses><license><name>l</name><url>u</url></license></licenses>
    <developers><developer><name>n</name></developer></developers>
    <scm><connection>c</connection><url>u</url></scm>
    <dependencyManagement><dependencies>%s</dependencies></dependencyManagement>
    </project>
    """
        .formatted(artifact, VERSION, jars ? "" : "<packaging>pom</packaging>", dependencies);
  }

  /** Returns a jar with these entries: name, content, name, content. */
  private static byte[] jar(String... entries) throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    for (int i = 0; i < entries.length; i += 2) {
      contents.put(entries[i], bytes(entries[i + 1]));
    }
    ByteArrayOutputStream jar = new ByteArrayOutputStream();
    zip(jar, contents);
    return jar.toByteArray();
  }

  private static void zip(OutputStream target, Map<String, byte[]> contents) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(target)) {
      for (Map.Entry<String, byte[]> content : contents.entrySet()) {
        zip.putNextEntry(new ZipEntry(content.getKey()));
        zip.write(content.getValue());
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String digest(String algorithm, byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
