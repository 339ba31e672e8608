// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.jail;

import static org.vnet4j.freebsd.jail.JailAbi.IOVEC_IOV_BASE;
import static org.vnet4j.freebsd.jail.JailAbi.IOVEC_IOV_LEN;
import static org.vnet4j.freebsd.jail.JailAbi.IOVEC_SIZE;
import static org.vnet4j.freebsd.jail.JailAbi.JAIL_ERRMSGLEN;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vnet4j.VnetException;
import org.vnet4j.posix.libc.Memory;

/**
 * The arguments of jail_set(2) and jail_get(2): names and values, as an array of iovec.
 *
 * <p>A boolean is a name without a value; its negation has "no" before the last component. The
 * kernel writes its error message into the parameter {@code errmsg}, which is always included.
 */
public final class JailParameters {
  private static final String ERRMSG = "errmsg";

  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private @Nullable Memory vector;

  private record Parameter(Memory name, @Nullable Memory value) {}

  /** Returns a list that contains only the buffer for the kernel's error message. */
  public static JailParameters create() {
    return new JailParameters();
  }

  public JailParameters put(String name, int value) {
    return put(name, Memory.ofInt(value));
  }

  public JailParameters put(String name, String value) {
    return put(name, Memory.of(text(name, value)));
  }

  public JailParameters put(String name, byte[] value) {
    return put(name, Memory.of(value));
  }

  /** Sets or clears a boolean, such as {@code persist} or {@code allow.raw_sockets}. */
  public JailParameters put(String name, boolean value) {
    vector = null;
    parameters.remove(name);
    parameters.remove(negated(name));
    String key = value ? name : negated(name);
    parameters.put(key, new Parameter(Memory.of(text("name", key)), null));
    return this;
  }

  /** Adds a buffer that jail_get(2) fills with a value. */
  public JailParameters room(String name, int size) {
    return put(name, Memory.allocate(size));
  }

  public JailParameters put(String name, Memory value) {
    vector = null;
    parameters.put(name, new Parameter(Memory.of(text("name", name)), value));
    return this;
  }

  public int getInt(String name) {
    return value(name).getInt(0);
  }

  long getLong(String name) {
    return value(name).getLong(0);
  }

  public boolean getBoolean(String name) {
    return getInt(name) != 0;
  }

  public String getString(String name) {
    return value(name).getString();
  }

  public byte[] getBytes(String name) {
    return value(name).toArray();
  }

  /** Returns the kernel's message on the last error; empty if there is none. */
  String words() {
    Parameter errmsg = parameters.get(ERRMSG);
    return errmsg == null || errmsg.value == null ? "" : errmsg.value.getString();
  }

  /** Returns the array of iovec; it keeps all memory that it refers to reachable. */
  Memory vector() {
    if (vector == null) {
      room(ERRMSG, JAIL_ERRMSGLEN);
      Memory built = Memory.allocate(count() * IOVEC_SIZE);
      int offset = 0;
      for (Parameter parameter : parameters.values()) {
        offset = append(built, offset, parameter.name);
        offset = append(built, offset, parameter.value);
      }
      vector = built;
    }
    return vector;
  }

  int count() {
    return 2 * parameters.size();
  }

  private static int append(Memory vector, int offset, @Nullable Memory part) {
    if (part != null) {
      vector.point(offset + IOVEC_IOV_BASE, part).putLong(offset + IOVEC_IOV_LEN, part.size());
    }
    return offset + IOVEC_SIZE;
  }

  private Memory value(String name) {
    Parameter parameter = parameters.get(name);
    if (parameter == null || parameter.value == null) {
      throw new IllegalStateException("jail parameter \"" + name + "\" was not asked for");
    }
    return parameter.value;
  }

  /** Puts "no" before the last component: {@code allow.noraw_sockets}. */
  static String negated(String name) {
    int dot = name.lastIndexOf('.') + 1;
    return name.substring(0, dot) + "no" + name.substring(dot);
  }

  private static String text(String name, String value) {
    if (value.indexOf('\0') >= 0) {
      throw new VnetException("jail parameter " + name + ": NUL in \"" + value + "\"");
    }
    if (value.getBytes(StandardCharsets.UTF_8).length >= 1 << 16) {
      throw new VnetException("jail parameter " + name + ": longer than 65535 bytes");
    }
    return value;
  }
}
