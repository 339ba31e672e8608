// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.tour;

import org.vnet4j.Jail;
import org.vnet4j.JailInfo;
import org.vnet4j.Vnet;

/** Chapter: creates a jail that contains only a loopback interface, lists it and removes it. */
final class EmptyJail {
  private EmptyJail() {}

  static void run(Vnet vnet, Narrator narrator) {
    narrator.chapter("An empty jail");
    narrator.step(
        "jail -c name=emptyjail persist vnet",
        "Jail empty = host.jail(\"emptyjail\").persist().create();");
    Jail empty = vnet.host().jail("emptyjail").persist().create();
    narrator.step("jexec emptyjail ifconfig", "empty.interfaces().forEach(System.out::println);");
    empty.interfaces().forEach(narrator::show);
    narrator.step("jls -v", "vnet.jails().forEach(System.out::println);");
    narrator.show(JailInfo.HEADING);
    vnet.jails().forEach(narrator::show);
    narrator.step("jail -r emptyjail", "empty.remove();");
    empty.remove();
    narrator.show("jails now: " + vnet.jails().size());
  }
}
