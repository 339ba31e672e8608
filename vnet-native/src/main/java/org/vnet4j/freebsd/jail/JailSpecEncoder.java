// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.jail;

import static org.vnet4j.freebsd.jail.JailAbi.JAIL_SYS_DISABLE;
import static org.vnet4j.freebsd.jail.JailAbi.JAIL_SYS_INHERIT;
import static org.vnet4j.freebsd.jail.JailAbi.JAIL_SYS_NEW;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.Set;
import org.vnet4j.freebsd.sys.FreeBsdErrors;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.spi.JailSpec;

/**
 * Converts a jail specification to jail parameters, each in the type that the kernel reports for
 * it.
 */
public final class JailSpecEncoder {
  private static final Set<String> OURS =
      Set.of("jid", "name", "vnet", "persist", "children.max", "host.hostname", "desc", "errmsg");

  private static final Map<String, Integer> JAILSYS =
      Map.of(
          "disable", JAIL_SYS_DISABLE,
          "new", JAIL_SYS_NEW,
          "inherit", JAIL_SYS_INHERIT);

  private final JailParameterTypes types;

  public JailSpecEncoder(Syscalls kernel) {
    types = new JailParameterTypes(kernel);
  }

  /** Returns the parameters of a jail with a stack of its own, except {@code persist}. */
  public JailParameters parameters(JailSpec spec, String name, int childrenMax) {
    JailParameters parameters =
        JailParameters.create()
            .put("name", name)
            .put("vnet", JAIL_SYS_NEW)
            .put("children.max", childrenMax);
    String hostname = spec.hostname();
    if (hostname != null) {
      parameters.put("host.hostname", hostname);
    }
    spec.parameters().forEach((parameter, value) -> put(parameters, parameter, value));
    return parameters;
  }

  private void put(JailParameters parameters, String name, Object value) {
    if (OURS.contains(name)) {
      throw refused(name, value, "is set by the methods of the builder");
    }
    JailParameterTypes.Type type =
        FreeBsdErrors.ofKernel(() -> types.find(name))
            .orElseThrow(
                () ->
                    refused(
                        name,
                        value,
                        "is not known to this kernel; sysctl -d security.jail.param lists what is"
                            + " (without the \"no\" of a boolean: say false)"));
    switch (type.kind()) {
      case BOOLEAN -> parameters.put(name, of(Boolean.class, name, value));
      case INT -> parameters.put(name, of(Integer.class, name, value));
      case LONG -> {
        long number = of(Integer.class, name, value);
        parameters.put(name, Memory.allocate(Long.BYTES).putLong(0, number).toArray());
      }
      case JAILSYS -> parameters.put(name, jailsys(name, value));
      case STRING -> parameters.put(name, string(name, value, type.size()));
      case ARRAY -> parameters.put(name, addresses(name, value, type.size()));
      default -> throw refused(name, value, "has a form that only its maker knows");
    }
  }

  private static <T> T of(Class<T> type, String name, Object value) {
    if (!type.isInstance(value)) {
      throw refused(
          name,
          value,
          "takes " + (type == Boolean.class ? "a Boolean" : "an Integer") + ", not " + kind(value));
    }
    return type.cast(value);
  }

  private static int jailsys(String name, Object value) {
    Integer known = value instanceof String ? JAILSYS.get(value) : null;
    if (known == null) {
      throw refused(name, value, "takes one of \"new\", \"inherit\" and \"disable\"");
    }
    return known;
  }

  private static String string(String name, Object value, int room) {
    if (!(value instanceof String text)) {
      throw refused(name, value, "takes a String, not " + kind(value));
    }
    if (room > 0 && Memory.of(text).size() > room) {
      throw refused(name, value, "takes at most " + (room - 1) + " bytes");
    }
    return text;
  }

  /** Parses addresses separated by commas, as jail(8) takes them. */
  private static byte[] addresses(String name, Object value, int size) {
    if (!(value instanceof String list)) {
      throw refused(name, value, "takes a String with addresses, not " + kind(value));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String one : list.split(",", -1)) {
      byte[] address = IpLiteral.parse(one.strip()).getAddress();
      if (address.length != size) {
        throw refused(name, value, "takes addresses of the other family");
      }
      bytes.writeBytes(address);
    }
    return bytes.toByteArray();
  }

  private static String kind(Object value) {
    return value.getClass().getSimpleName();
  }

  private static IllegalArgumentException refused(String name, Object value, String why) {
    return new IllegalArgumentException(
        "jail parameter " + name + "=" + value + ": " + name + " " + why);
  }
}
