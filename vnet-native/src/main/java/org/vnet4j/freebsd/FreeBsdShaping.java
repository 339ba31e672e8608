// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.Optional;
import org.vnet4j.Vnet;
import org.vnet4j.net.Shaping;
import org.vnet4j.spi.ShapingDriver;

/**
 * Shapes nothing yet: dummynet(4) is reached by ipfw(4) rules, which this provider does not set.
 */
final class FreeBsdShaping implements ShapingDriver {
  private final FreeBsdStack stack;

  FreeBsdShaping(FreeBsdStack stack) {
    this.stack = stack;
  }

  @Override
  public void set(String name, Shaping shaping) {
    throw new Vnet.UnsupportedException(
        "shaping " + name + ": this library does not set dummynet(4) pipes on FreeBSD yet");
  }

  @Override
  public Optional<Shaping> get(String name) {
    stack.index(name);
    return Optional.empty();
  }

  @Override
  public void clear(String name) {
    stack.index(name);
  }
}
