// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The source or destination of a rule: alternative addresses, and ports. */
public final class Endpoint {
  /** The most alternatives: ipfw keeps a rule in 255 words, and each alternative takes a word. */
  private static final int MOST_CHOICES = 255;

  /** Any address, any port. */
  static final Endpoint ANY = new Endpoint(List.of(new Choice(false, Address.Plain.ANY)), null);

  /**
   * One of the alternative addresses of an endpoint.
   *
   * @param negated true to match every packet that the address does not match, including packets of
   *     the other family
   * @param address the address
   */
  public record Choice(boolean negated, Address address) {
    /** Checks that the choice can match a packet. */
    public Choice {
      if (negated && address == Address.Plain.ANY) {
        throw new IllegalArgumentException("\"not any\" never matches");
      }
    }

    /**
     * Returns ipfw's words.
     *
     * @return for example {@code not 192.0.2.0/24}
     */
    @Override
    public String toString() {
      return (negated ? "not " : "") + address;
    }
  }

  private final List<Choice> choices;
  private final @Nullable Ports ports;

  Endpoint(List<Choice> choices, @Nullable Ports ports) {
    if (choices.isEmpty()) {
      throw new IllegalArgumentException("no address");
    }
    if (choices.size() > MOST_CHOICES) {
      throw new IllegalArgumentException(
          choices.size() + " alternative addresses, at most " + MOST_CHOICES + "; use a table");
    }
    for (Choice choice : choices) {
      if (choices.size() > 1 && choice.address() == Address.Plain.ANY) {
        throw new IllegalArgumentException("\"any\" among other addresses");
      }
    }
    this.choices = List.copyOf(choices);
    this.ports = ports;
  }

  /**
   * Returns the addresses, of which one must match.
   *
   * @return at least one
   */
  public List<Choice> choices() {
    return choices;
  }

  /**
   * Returns the ports.
   *
   * @return the ports; empty if any port matches, and for protocols without ports
   */
  public java.util.Optional<Ports> ports() {
    return java.util.Optional.ofNullable(ports);
  }

  /**
   * Returns the endpoint that matches all other addresses. This endpoint must have one address.
   *
   * @return a new endpoint
   * @throws IllegalArgumentException if there are several addresses, or any
   */
  Endpoint not() {
    if (choices.size() != 1 || ports != null) {
      throw new IllegalArgumentException("\"not\" takes one address, not " + this);
    }
    Choice only = choices.get(0);
    return new Endpoint(List.of(new Choice(!only.negated(), only.address())), null);
  }

  /** Joins the choices of several endpoints: one of them must match. */
  static Endpoint anyOf(Endpoint[] sides) {
    List<Choice> all = new ArrayList<>();
    for (Endpoint side : sides) {
      if (side.ports != null) {
        throw new IllegalArgumentException("ports inside { }: " + side);
      }
      all.addAll(side.choices);
    }
    return new Endpoint(all, null);
  }

  Endpoint withPorts(Ports newPorts) {
    if (ports != null) {
      throw new IllegalArgumentException("ports given twice: " + ports + " and " + newPorts);
    }
    return new Endpoint(choices, newPorts);
  }

  /** Replaces "me" by "me6", as ipfw(8) does in a rule for ip6. */
  Endpoint ip6() {
    List<Choice> all = new ArrayList<>();
    for (Choice choice : choices) {
      boolean me = choice.address() == Address.Plain.ME;
      all.add(me ? new Choice(choice.negated(), Address.Plain.ME6) : choice);
    }
    return new Endpoint(all, ports);
  }

  /** Returns the only family that packets can have to match this endpoint; 0 if both can match. */
  int family() {
    int family = -1;
    for (Choice choice : choices) {
      int one = choice.negated() ? 0 : choice.address().family();
      if (family != -1 && family != one) {
        return 0;
      }
      family = one;
    }
    return family;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Endpoint side
        && choices.equals(side.choices)
        && java.util.Objects.equals(ports, side.ports);
  }

  @Override
  public int hashCode() {
    return java.util.Objects.hash(choices, ports);
  }

  /**
   * Returns ipfw's words.
   *
   * @return for example <code>{ 192.0.2.1 or me } 22</code>
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Choice choice : choices) {
      text.append(text.isEmpty() ? "" : " or ").append(choice);
    }
    if (choices.size() > 1) {
      text.insert(0, "{ ").append(" }");
    }
    return ports == null ? text.toString() : text + " " + ports;
  }
}
