// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parts of a rule. Changing one part returns a copy; {@link #checked} validates the whole. */
record RuleParts(
    Action action,
    @Nullable Log log,
    boolean quick,
    boolean protocolNegated,
    List<Protocol> protocols,
    Endpoint source,
    Endpoint destination,
    List<Option> options,
    @Nullable State state,
    @Nullable String comment) {

  /** The most options of a rule: ipfw keeps a rule in 255 words, and an option takes a word. */
  private static final int MOST_OPTIONS = 255;

  static RuleParts of(Action action) {
    return new RuleParts(
        action,
        null,
        false,
        false,
        List.of(Protocol.IP),
        Endpoint.ANY,
        Endpoint.ANY,
        List.of(),
        null,
        null);
  }

  RuleParts log(Log to) {
    return new RuleParts(
        action,
        to,
        quick,
        protocolNegated,
        protocols,
        source,
        destination,
        options,
        state,
        comment);
  }

  RuleParts quick(boolean to) {
    return new RuleParts(
        action, log, to, protocolNegated, protocols, source, destination, options, state, comment);
  }

  RuleParts protocols(boolean negated, List<Protocol> to) {
    return new RuleParts(
        action, log, quick, negated, List.copyOf(to), source, destination, options, state, comment);
  }

  RuleParts source(Endpoint to) {
    return new RuleParts(
        action, log, quick, protocolNegated, protocols, to, destination, options, state, comment);
  }

  RuleParts destination(Endpoint to) {
    return new RuleParts(
        action, log, quick, protocolNegated, protocols, source, to, options, state, comment);
  }

  RuleParts options(List<Option> to) {
    return new RuleParts(
        action,
        log,
        quick,
        protocolNegated,
        protocols,
        source,
        destination,
        List.copyOf(to),
        state,
        comment);
  }

  RuleParts state(State to) {
    return new RuleParts(
        action, log, quick, protocolNegated, protocols, source, destination, options, to, comment);
  }

  RuleParts comment(String to) {
    return new RuleParts(
        action, log, quick, protocolNegated, protocols, source, destination, options, state, to);
  }

  /** Returns the parts as {@code ipfw list} prints them; throws if they contradict each other. */
  RuleParts checked() {
    boolean ip6 = !protocolNegated && protocols.equals(List.of(Protocol.IP6));
    if (ip6 && !(source.equals(source.ip6()) && destination.equals(destination.ip6()))) {
      return source(source.ip6()).destination(destination.ip6()).checked();
    }
    checkProtocols();
    checkSide("source", source);
    checkSide("destination", destination);
    checkFamilies();
    if (comment != null && comment.length() > 80) {
      throw new IllegalArgumentException(
          "comment of " + comment.length() + " characters, at most 80");
    }
    if (comment != null && !comment.matches("[\\x21-\\x7e]+( [\\x21-\\x7e]+)*")) {
      throw new IllegalArgumentException(
          "comment \"" + comment + "\": printable ASCII words with single blanks between them");
    }
    if (options.size() > MOST_OPTIONS) {
      throw new IllegalArgumentException(
          "a rule of " + options.size() + " options, at most " + MOST_OPTIONS);
    }
    boolean bare = equals(of(action).commented(comment));
    if (action instanceof Action.CheckState && !bare) {
      throw new IllegalArgumentException("check-state takes a name and a comment, nothing else");
    }
    return this;
  }

  private RuleParts commented(@Nullable String to) {
    return to == null ? this : comment(to);
  }

  private void checkProtocols() {
    if (protocols.isEmpty()) {
      throw new IllegalArgumentException("no protocol");
    }
    if (protocolNegated && protocols.size() > 1) {
      throw new IllegalArgumentException("\"not\" takes one protocol");
    }
    for (Protocol protocol : protocols) {
      if (protocol.number() == 0 && protocols.size() > 1) {
        throw new IllegalArgumentException(
            protocol + " among other protocols in { }; use ip, ip4 or ip6 alone");
      }
      if (protocolNegated && protocol.equals(Protocol.IP)) {
        throw new IllegalArgumentException("\"not ip\" never matches");
      }
    }
  }

  private void checkSide(String which, Endpoint side) {
    int family = family();
    for (Endpoint.Choice choice : side.choices()) {
      int its = choice.address().family();
      if (family != 0 && its != 0 && its != family) {
        throw new IllegalArgumentException(
            which
                + " "
                + choice.address()
                + " is IPv"
                + its
                + ", but "
                + protocols.get(0)
                + " is IPv"
                + family);
      }
    }
    // "ip" is allowed since ipfw accepts it: only packets of protocols with ports match.
    Protocol protocol = protocols.get(0);
    if (side.ports().isPresent() && !protocolNegated && protocol.number() != 0) {
      for (Protocol one : protocols) {
        if (!one.hasPorts()) {
          throw new IllegalArgumentException(which + " ports, but " + one + " has none");
        }
      }
    }
  }

  private void checkFamilies() {
    int from = source.family();
    int to = destination.family();
    if (from != 0 && to != 0 && from != to) {
      throw new IllegalArgumentException(
          "source "
              + source
              + " is IPv"
              + from
              + ", but destination "
              + destination
              + " is IPv"
              + to);
    }
  }

  /** Returns the family that the protocol requires, or 0. */
  private int family() {
    return protocolNegated || protocols.size() > 1 ? 0 : protocols.get(0).family();
  }

  String text() {
    StringBuilder text = new StringBuilder().append(action);
    if (quick) {
      text.append(" quick");
    }
    if (log != null) {
      text.append(' ').append(log);
    }
    if (!(action instanceof Action.CheckState)) {
      text.append(' ').append(protocolText());
      text.append(" from ").append(source).append(" to ").append(destination);
      for (Option option : options) {
        text.append(' ').append(option);
      }
      if (state != null) {
        text.append(' ').append(state);
      }
    }
    return comment == null ? text.toString() : text.append(" // ").append(comment).toString();
  }

  private String protocolText() {
    StringBuilder text = new StringBuilder();
    for (Protocol protocol : protocols) {
      text.append(text.isEmpty() ? "" : " or ").append(protocol);
    }
    if (protocols.size() > 1) {
      text.insert(0, "{ ").append(" }");
    }
    return (protocolNegated ? "not " : "") + text;
  }
}
