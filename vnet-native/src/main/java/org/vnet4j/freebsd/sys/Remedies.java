// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sys;

import org.jspecify.annotations.Nullable;
import org.vnet4j.KernelError;
import org.vnet4j.net.Errno;

/** Returns a remedy for an error when the error number alone does not explain it. */
final class Remedies {
  private Remedies() {}

  static @Nullable String of(KernelError error) {
    return error.errno().map(errno -> of(errno, error)).orElse(null);
  }

  private static @Nullable String of(Errno errno, KernelError error) {
    return switch (errno) {
      case EPERM ->
          error.detail().filter("prison limit exceeded"::equals).isPresent()
              ? "raise children.max of the jail it is made in"
              : permission(error.call());
      case EACCES -> permission(error.call());
      case ENXIO -> noSuch(error.call());
      case EEXIST -> taken(error.call());
      case EBUSY ->
          error.call().startsWith("BRDG") ? "the interface is a member of another bridge" : null;
      case EINVAL -> invalid(error);
      case EDESTADDRREQ ->
          "a point-to-point interface: give it an address of a /30 or /31, whose other address is"
              + " the far end's";
      case EADDRNOTAVAIL ->
          error.call().startsWith("SIOCSIFPHYADDR")
              ? "another tunnel of this stack has these ends"
              : null;
      case ENODEV ->
          error.call().equals("SIOCGHWADDR") ? "no burnt-in address; list the interface" : null;
      case ENOBUFS ->
          error.subject().startsWith("route socket") || error.call().equals("RTM_GET")
              ? "the route socket overflowed; drain it"
              : null;
      default -> null;
    };
  }

  private static String permission(String call) {
    return switch (call) {
      case "kldload", "kldunload" ->
          "modules need root on the host itself, not in a jail, and kern.securelevel below 1;"
              + " or load them at boot by loader.conf";
      case "kenv" -> "this needs root on the host itself, not in a jail";
      case "jail_set" ->
          "this needs root; in a jail, that jail needs room in its children.max"
              + " (sysctl security.jail.children.max)";
      default -> "this needs root; in a jail, root of a jail with a stack of its own";
    };
  }

  /**
   * Returns the command that loads the module for a kind of interface: {@code epair7} needs
   * if_epair.
   */
  private static String module(String wanted) {
    String kind = wanted.replaceAll("[0-9]+$", "");
    return "kldload if_" + (kind.equals("tap") || kind.equals("tun") ? "tuntap" : kind);
  }

  private static @Nullable String noSuch(String call) {
    return switch (call) {
      case "SIOCSIFVNET" -> "no such interface in this stack, or no such jail";
      case "SIOCSIFRVNET" -> "no such interface in that jail, or no such jail";
      default -> call.startsWith("SIOC") ? "no such interface in this stack" : null;
    };
  }

  private static @Nullable String taken(String call) {
    return switch (call) {
      case "SIOCSIFVNET", "SIOCSIFRVNET" -> "the stack it goes to has an interface of that name";
      case "SIOCIFCREATE2", "SIOCSIFNAME" -> "this stack has an interface of that name";
      case "BRDGADD" -> "the interface is a member already";
      default -> null;
    };
  }

  private static @Nullable String invalid(KernelError error) {
    return switch (error.call()) {
      case "SIOCIFCREATE2" ->
          error.subject().startsWith("vxlan")
              ? "kldload if_vxlan; a jail cannot make one: make it on the host and give it"
              : "no such kind of interface; its module may not be loaded: "
                  + module(error.subject());
      case "SIOCSIFMTU" -> "the MTU is outside of what this kind of interface takes";
      case "SIOCAIFGROUP" -> "a group's name may not end in a digit";
      case "jail_remove" -> "no such jail";
      default -> null;
    };
  }
}
