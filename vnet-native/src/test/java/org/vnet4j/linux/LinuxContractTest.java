// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.contract.MachineContract;

/** The contract of all kernels on the real Linux kernel. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "this is the contract on the Linux kernel")
class LinuxContractTest extends MachineContract {}
