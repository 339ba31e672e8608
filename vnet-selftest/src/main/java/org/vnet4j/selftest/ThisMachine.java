// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.selftest;

import org.vnet4j.contract.MachineContract;

/** The contract that the self-test runs, on this machine. */
class ThisMachine extends MachineContract {}
