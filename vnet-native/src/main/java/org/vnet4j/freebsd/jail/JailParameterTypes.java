// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.jail;

import static org.vnet4j.freebsd.sys.FreeBsdErrno.ENOENT;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.freebsd.sys.SysctlCalls;

/**
 * Determines the type of a jail parameter. The kernel describes each parameter under {@code
 * security.jail.param}; libjail reads the same descriptions.
 */
public final class JailParameterTypes {
  private static final String PREFIX = "security.jail.param.";
  private static final int CTLTYPE = 0xf;
  private static final int CTLTYPE_NODE = 1;
  private static final int CTLTYPE_INT = 2;
  private static final int CTLTYPE_STRING = 3;
  private static final int CTLTYPE_STRUCT = 5;
  private static final int CTLTYPE_UINT = 6;

  private final SysctlCalls sysctl;

  public JailParameterTypes(Syscalls kernel) {
    sysctl = new SysctlCalls(kernel);
  }

  /** The form of a value. */
  public enum Kind {
    /** A name without a value, or its negation; jail_get(2) writes an int. */
    BOOLEAN,
    /** Disable, new or inherit, as an int. */
    JAILSYS,
    /** An int. */
    INT,
    /** A C long. */
    LONG,
    /** A string with its NUL. */
    STRING,
    /** Any number of elements of {@link Type#size()} bytes. */
    ARRAY,
    /** Bytes in an undescribed format. */
    BYTES
  }

  /**
   * A type.
   *
   * @param kind form of a value
   * @param size size in bytes of a value, or of one element of an array
   */
  public record Type(Kind kind, int size) {}

  /**
   * Returns the type of a parameter by its positive name; empty if this kernel has no such
   * parameter.
   */
  public Optional<Type> find(String parameter) {
    Optional<int[]> mib = sysctl.mib(PREFIX + parameter);
    if (mib.isEmpty()) {
      return Optional.empty();
    }
    return described(parameter, mib.get());
  }

  private Optional<Type> described(String parameter, int[] mib) {
    byte[] description = sysctl.read(path(4, mib), parameter);
    int type = ByteBuffer.wrap(description).order(ByteOrder.nativeOrder()).getInt() & CTLTYPE;
    String format =
        new String(description, 4, Math.max(description.length - 5, 0), StandardCharsets.US_ASCII);
    boolean array = format.endsWith(",a");
    String element = array ? format.substring(0, format.length() - 2) : format;
    return switch (type) {
      case CTLTYPE_INT, CTLTYPE_UINT -> Optional.of(number(element));
      case CTLTYPE_STRING -> Optional.of(new Type(Kind.STRING, room(parameter, mib)));
      case CTLTYPE_STRUCT -> Optional.of(structure(element, array, parameter, mib));
      case CTLTYPE_NODE -> node(parameter, mib);
      default -> Optional.of(new Type(Kind.LONG, Long.BYTES));
    };
  }

  private static Type number(String format) {
    Kind kind =
        format.startsWith("B")
            ? Kind.BOOLEAN
            : format.equals("E,jailsys") ? Kind.JAILSYS : Kind.INT;
    return new Type(kind, Integer.BYTES);
  }

  /**
   * Returns the maximum size of a string. The variable of a string parameter reads as that number
   * in decimal digits.
   */
  private int room(String parameter, int[] mib) {
    byte[] text = sysctl.read(mib, parameter);
    String digits = new String(text, StandardCharsets.US_ASCII).replace("\0", "").trim();
    return digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }

  private Type structure(String format, boolean array, String parameter, int[] mib) {
    int size =
        switch (format) {
          case "S,in_addr" -> 4;
          case "S,in6_addr" -> 16;
          default -> sysctl.read(mib, parameter).length;
        };
    return new Type(array ? Kind.ARRAY : Kind.BYTES, size);
  }

  /**
   * Returns the type of a node. A node is also a parameter if a child with an empty name is next to
   * it.
   */
  private Optional<Type> node(String parameter, int[] mib) {
    for (int step = -1; step <= 1; step += 2) {
      int[] child = java.util.Arrays.copyOf(mib, mib.length + 1);
      child[mib.length] = mib[mib.length - 1] + step;
      Optional<byte[]> name = sysctl.find(path(1, child), parameter, ENOENT);
      if (name.isPresent()
          && new String(name.get(), StandardCharsets.US_ASCII).equals(PREFIX + parameter + ".\0")) {
        return described(parameter, child);
      }
    }
    return Optional.empty();
  }

  private static int[] path(int question, int[] mib) {
    int[] path = new int[mib.length + 2];
    path[1] = question;
    System.arraycopy(mib, 0, path, 2, mib.length);
    return path;
  }
}
