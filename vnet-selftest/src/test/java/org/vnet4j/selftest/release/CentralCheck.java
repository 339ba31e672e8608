// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.selftest.release;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Checks a bundle for Maven Central by Central's rules and by ours: what each component must have,
 * and that nothing else is in it.
 *
 * <p>{@code java CentralCheck.java BUNDLE.zip} prints each fault and exits with 1 if there is one.
 */
final class CentralCheck {
  /** The modules that are published; all but the last two consist of jars. */
  static final List<String> PUBLISHED =
      List.of(
          "vnet-api",
          "vnet-lab",
          "vnet-contract",
          "vnet-native",
          "vnet-junit",
          "vnet-micrometer",
          "vnet-bom",
          "vnet-selftest");

  private static final Set<String> POMS = Set.of("vnet-bom", "vnet-selftest");
  private static final Pattern PATH =
      Pattern.compile("org/vnet4j/(?<artifact>[^/]+)/(?<version>[^/]+)/(?<file>[^/]+)");
  private static final List<String> SUMS = List.of("md5", "sha1", "sha256", "sha512");
  private static final Map<String, String> DIGESTS =
      Map.of("md5", "MD5", "sha1", "SHA-1", "sha256", "SHA-256", "sha512", "SHA-512");

  private final TreeMap<String, byte[]> files = new TreeMap<>();
  private final Set<String> versions = new TreeSet<>();
  private final List<String> faults = new ArrayList<>();

  private CentralCheck() {}

  public static void main(String... arguments) throws IOException {
    List<String> faults = faults(Path.of(arguments[0]));
    faults.forEach(fault -> System.out.println("FAULT " + fault));
    if (!faults.isEmpty()) {
      System.exit(1);
    }
    System.out.println("The bundle has all that Central wants, and nothing else.");
  }

  /** Returns what is wrong with a bundle; nothing is if the list is empty. */
  static List<String> faults(Path bundle) throws IOException {
    CentralCheck check = new CentralCheck();
    try (ZipFile zip = new ZipFile(bundle.toFile())) {
      for (ZipEntry entry : zip.stream().filter(entry -> !entry.isDirectory()).toList()) {
        try (InputStream stream = zip.getInputStream(entry)) {
          check.files.put(entry.getName(), stream.readAllBytes());
        }
      }
    }
    check.check();
    return check.faults;
  }

  private void check() {
    Set<String> artifacts = new TreeSet<>();
    for (String name : files.keySet()) {
      Matcher path = PATH.matcher(name);
      if (!path.matches()) {
        faults.add(name + ": no file of a component");
        continue;
      }
      artifacts.add(path.group("artifact"));
      versions.add(path.group("version"));
      if (!isCompanion(name)) {
        companions(name);
        permitted(name, path);
      }
    }
    if (versions.size() != 1) {
      faults.add("versions: " + versions);
    }
    versions.stream()
        .filter(version -> version.endsWith("SNAPSHOT"))
        .forEach(version -> faults.add("a snapshot: " + version));
    for (String artifact : PUBLISHED) {
      if (artifacts.remove(artifact)) {
        versions.forEach(version -> component(artifact, version));
      } else {
        faults.add(artifact + ": missing");
      }
    }
    artifacts.forEach(artifact -> faults.add(artifact + ": must not be published"));
  }

  private static boolean isCompanion(String name) {
    return name.endsWith(".asc") || SUMS.stream().anyMatch(sum -> name.endsWith("." + sum));
  }

  /** Signature and check sums. */
  private void companions(String name) {
    byte[] signature = files.get(name + ".asc");
    if (signature == null) {
      faults.add(name + ": no signature");
    } else if (!text(signature).startsWith("-----BEGIN PGP SIGNATURE-----")) {
      faults.add(name + ".asc: no signature");
    }
    for (String sum : SUMS) {
      byte[] stored = files.get(name + "." + sum);
      if (stored == null) {
        if (sum.equals("md5") || sum.equals("sha1")) {
          faults.add(name + ": no " + sum);
        }
      } else if (!text(stored).strip().equals(digest(DIGESTS.get(sum), files.get(name)))) {
        faults.add(name + ": wrong " + sum);
      }
    }
  }

  /** No thin self-test, no tests, nothing that nobody has thought of. */
  private void permitted(String name, Matcher path) {
    String artifact = path.group("artifact");
    String stem = artifact + "-" + path.group("version");
    String file = path.group("file");
    List<String> ends = new ArrayList<>(List.of(".pom", "-cyclonedx.json", "-cyclonedx.xml"));
    if (artifact.equals("vnet-selftest")) {
      ends.add("-all.jar");
    } else if (!POMS.contains(artifact)) {
      ends.addAll(List.of(".jar", "-sources.jar", "-javadoc.jar"));
    }
    if (ends.stream().noneMatch(end -> file.equals(stem + end))) {
      faults.add(name + ": must not be published");
    }
  }

  private void component(String artifact, String version) {
    String stem = "org/vnet4j/" + artifact + "/" + version + "/" + artifact + "-" + version;
    byte[] pom = files.get(stem + ".pom");
    if (pom == null) {
      faults.add(stem + ".pom: missing");
    } else {
      pom(stem + ".pom", artifact, version, pom);
    }
    if (artifact.equals("vnet-selftest")) {
      jar(stem + "-all.jar", "META-INF/THIRD-PARTY\\.txt");
      program(stem + "-all.jar");
    } else if (!POMS.contains(artifact)) {
      jar(stem + ".jar", "org/vnet4j/.*\\.class");
      jar(stem + "-sources.jar", "org/vnet4j/.*\\.java");
      jar(stem + "-javadoc.jar", "index\\.html");
      if (!files.containsKey(stem + "-cyclonedx.json")) {
        faults.add(stem + "-cyclonedx.json: missing");
      }
    }
  }

  private void jar(String name, String wanted) {
    if (!files.containsKey(name)) {
      faults.add(name + ": missing");
    } else if (entry(name, wanted).isEmpty()) {
      faults.add(name + ": contains no " + wanted);
    }
  }

  private void program(String name) {
    if (files.containsKey(name)
        && !entry(name, "META-INF/MANIFEST\\.MF")
            .map(CentralCheck::text)
            .orElse("")
            .contains("\nMain-Class: ")) {
      faults.add(name + ": starts nothing");
    }
  }

  private Optional<byte[]> entry(String name, String wanted) {
    try (ZipInputStream jar = new ZipInputStream(new ByteArrayInputStream(files.get(name)))) {
      for (ZipEntry entry = jar.getNextEntry(); entry != null; entry = jar.getNextEntry()) {
        if (entry.getName().matches(wanted)) {
          return Optional.of(jar.readAllBytes());
        }
      }
    } catch (IOException unreadable) {
      faults.add(name + ": " + unreadable);
    }
    return Optional.empty();
  }

  private void pom(String name, String artifact, String version, byte[] content) {
    Element project;
    try {
      project = parse(content).getDocumentElement();
    } catch (IOException | SAXException | ParserConfigurationException unreadable) {
      faults.add(name + ": " + unreadable);
      return;
    }
    equal(name, project, "groupId", "org.vnet4j");
    equal(name, project, "artifactId", artifact);
    equal(name, project, "version", version);
    equal(name, project, "packaging", POMS.contains(artifact) ? "pom" : "");
    for (String wanted :
        List.of(
            "name",
            "description",
            "url",
            "licenses/license/name",
            "licenses/license/url",
            "developers/developer/name",
            "scm/connection",
            "scm/url")) {
      String value = value(project, wanted);
      if (value.isEmpty() || value.startsWith("OWNER")) {
        faults.add(name + ": no " + wanted);
      }
    }
    for (String unwanted : List.of("parent", "modules", "repositories", "build", "profiles")) {
      if (child(project, unwanted).isPresent()) {
        faults.add(name + ": has <" + unwanted + ">");
      }
    }
    Matcher unresolved =
        Pattern.compile("\\$\\{(?!project\\.version})[^}]*}").matcher(text(content));
    while (unresolved.find()) {
      faults.add(name + ": unresolved " + unresolved.group());
    }
    dependencies(name, version, project);
  }

  private void dependencies(String name, String version, Element project) {
    Set<String> managed = new TreeSet<>();
    NodeList dependencies = project.getElementsByTagName("dependency");
    for (int i = 0; i < dependencies.getLength(); i++) {
      Element dependency = (Element) dependencies.item(i);
      String artifact = value(dependency, "artifactId");
      String wanted = value(dependency, "version").replace("${project.version}", version);
      if (wanted.isEmpty() || wanted.endsWith("SNAPSHOT")) {
        faults.add(name + ": version '" + wanted + "' of " + artifact);
      }
      if (value(dependency, "scope").matches("test|system")) {
        faults.add(name + ": scope " + value(dependency, "scope") + " of " + artifact);
      }
      if (value(dependency, "groupId").equals("org.vnet4j")) {
        managed.add(artifact);
        if (!PUBLISHED.contains(artifact) || !wanted.equals(version)) {
          faults.add(name + ": needs " + artifact + " " + wanted + ", which is not published");
        }
      }
    }
    if (name.contains("/vnet-bom/")) {
      PUBLISHED.stream()
          .filter(artifact -> !artifact.equals("vnet-bom") && !managed.contains(artifact))
          .forEach(artifact -> faults.add(name + ": does not list " + artifact));
    }
  }

  private void equal(String name, Element project, String path, String expected) {
    if (!value(project, path).equals(expected)) {
      faults.add(name + ": " + path + " is '" + value(project, path) + "'");
    }
  }

  private static Document parse(byte[] content)
      throws IOException, SAXException, ParserConfigurationException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    DocumentBuilder builder = factory.newDocumentBuilder();
    builder.setErrorHandler(new DefaultHandler());
    return builder.parse(new ByteArrayInputStream(content));
  }

  /** Returns the text of an element, or nothing. */
  private static String value(Element from, String path) {
    Optional<Element> element = Optional.of(from);
    for (String step : path.split("/")) {
      element = element.flatMap(parent -> child(parent, step));
    }
    return element.map(found -> found.getTextContent().strip()).orElse("");
  }

  private static Optional<Element> child(Element from, String name) {
    for (Node node = from.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        return Optional.of(element);
      }
    }
    return Optional.empty();
  }

  private static String text(byte[] content) {
    return new String(content, StandardCharsets.UTF_8);
  }

  private static String digest(String algorithm, byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
