// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * FreeBSD's constants and structure layouts as the compiler computed them, read from {@code
 * freebsd-abi.json}. The simulated kernel decodes with these and never with the codecs under test.
 */
public final class FreeBsdAbi {
  private static final JsonNode FACTS = load();

  private FreeBsdAbi() {}

  private static JsonNode load() {
    try (InputStream in = FreeBsdAbi.class.getResourceAsStream("/freebsd/freebsd-abi.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the value in FreeBSD 15, or in the newest release that has it. */
  private static long value(JsonNode node, String what) {
    if (node.isNumber()) {
      return node.bigIntegerValue().longValue();
    }
    for (String release : new String[] {"15", "14", "13"}) {
      if (node.has(release)) {
        return node.get(release).bigIntegerValue().longValue();
      }
    }
    throw new IllegalArgumentException("not in freebsd-abi.json: " + what);
  }

  public static long request(String name) {
    return value(FACTS.path("constants").path(name), name);
  }

  public static int constant(String name) {
    return (int) request(name);
  }

  public static int size(String struct) {
    return (int) value(FACTS.path("structs").path(struct).path("size"), struct);
  }

  public static int offset(String struct, String field) {
    JsonNode node = FACTS.path("structs").path(struct).path("offsets").path(field);
    return (int) value(node, struct + "." + field);
  }

  /** Returns the size of a structure in the named release. */
  public static int size(String struct, String release) {
    return release(FACTS.path("structs").path(struct).path("size"), release, struct);
  }

  /** Returns the offset of a field in the named release. */
  public static int offset(String struct, String field, String release) {
    JsonNode node = FACTS.path("structs").path(struct).path("offsets").path(field);
    return release(node, release, struct + "." + field);
  }

  private static int release(JsonNode node, String release, String what) {
    return node.has(release) ? node.get(release).asInt() : (int) value(node, what);
  }

  /**
   * Returns every fact under the name of its Java constant: IFREQ_SIZE, IFREQ_IFR_NAME, SIOCGIFMTU.
   */
  public static Map<String, Long> all() {
    Map<String, Long> all = new LinkedHashMap<>();
    FACTS
        .path("constants")
        .properties()
        .forEach(e -> all.put(e.getKey(), value(e.getValue(), e.getKey())));
    FACTS.path("structs").properties().forEach(e -> addStruct(all, e.getKey(), e.getValue()));
    return all;
  }

  private static void addStruct(Map<String, Long> all, String name, JsonNode struct) {
    String prefix = name.toUpperCase().replaceFirst("^_", "") + "_";
    all.put(prefix + "SIZE", value(struct.get("size"), name));
    struct
        .get("offsets")
        .properties()
        .forEach(e -> all.put(prefix + e.getKey().toUpperCase(), value(e.getValue(), e.getKey())));
  }

  /** Returns the names, as in {@link #all()}, of the facts that differ between releases. */
  public static Set<String> differing() {
    Set<String> names = new TreeSet<>();
    FACTS.path("constants").properties().forEach(e -> compare(names, e.getKey(), e.getValue()));
    FACTS
        .path("structs")
        .properties()
        .forEach(
            struct -> {
              String prefix = struct.getKey().toUpperCase().replaceFirst("^_", "") + "_";
              compare(names, prefix + "SIZE", struct.getValue().get("size"));
              struct
                  .getValue()
                  .get("offsets")
                  .properties()
                  .forEach(e -> compare(names, prefix + e.getKey().toUpperCase(), e.getValue()));
            });
    return names;
  }

  private static void compare(Set<String> names, String name, JsonNode node) {
    if (node.properties().stream().map(e -> e.getValue().asText()).distinct().count() > 1) {
      names.add(name);
    }
  }
}
