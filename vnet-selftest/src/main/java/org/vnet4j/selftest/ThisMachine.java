// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.selftest;

import org.vnet4j.contract.MachineContract;

/** What the self-test runs. */
class ThisMachine extends MachineContract {}
