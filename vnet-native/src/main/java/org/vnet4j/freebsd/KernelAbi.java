// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

/** Actions of kenv(2). */
final class KernelAbi {
  static final int KENV_GET = 0;
  static final int KENV_SET = 1;
  static final int KENV_UNSET = 2;
  static final int KENV_DUMP = 3;
  static final int KENV_MVALLEN = 128;

  private KernelAbi() {}
}
