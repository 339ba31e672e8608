// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.kit;

import java.net.NetworkInterface;
import java.net.SocketException;

/** A program that reports the addresses of the stack it runs in. */
public final class StackReporter {
  private StackReporter() {}

  public static void main(String[] arguments) throws SocketException {
    NetworkInterface.networkInterfaces()
        .forEach(
            one ->
                one.inetAddresses()
                    .forEach(
                        address ->
                            System.out.println(one.getName() + " " + address.getHostAddress())));
  }
}
