// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.rehearsal;

/**
 * The expected outcome of a probe.
 *
 * @param probe the probe
 * @param outcome the expected outcome
 */
public record Expectation(Probe probe, Outcome outcome) {

  /** Sets the expected outcome of a probe. Each method adds the expectation to the rehearsal. */
  public static final class Step {
    private final Rehearsal rehearsal;
    private final Probe probe;

    Step(Rehearsal rehearsal, Probe probe) {
      this.rehearsal = rehearsal;
      this.probe = probe;
    }

    /**
     * Expects the packet to arrive.
     *
     * @return the rehearsal
     */
    public Rehearsal passed() {
      return rehearsal.add(new Expectation(probe, Outcome.PASSED));
    }

    /**
     * Expects a ping to be answered.
     *
     * @return the rehearsal
     */
    public Rehearsal answered() {
      return passed();
    }

    /**
     * Expects a TCP connection to open.
     *
     * @return the rehearsal
     */
    public Rehearsal open() {
      return passed();
    }

    /**
     * Expects a reset or an ICMP error in reply.
     *
     * @return the rehearsal
     */
    public Rehearsal refused() {
      return rehearsal.add(new Expectation(probe, Outcome.REFUSED));
    }

    /**
     * Expects the probe to fail without a reset or an ICMP error.
     *
     * @return the rehearsal
     */
    public Rehearsal dropped() {
      return rehearsal.add(new Expectation(probe, Outcome.DROPPED));
    }
  }
}
