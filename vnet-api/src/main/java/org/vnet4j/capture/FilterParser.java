// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vnet4j.capture.Filter.Side;
import org.vnet4j.capture.Filter.SyntaxException;
import org.vnet4j.net.Cidr;

/**
 * Parses the common part of pcap-filter(7). As there, {@code and} and {@code or} have equal
 * precedence and associate to the left; {@code not} has higher precedence.
 */
final class FilterParser {
  private static final Pattern TOKEN = Pattern.compile("\\s*([()!]|&&|\\|\\||[^\\s()!&|]+|\\S)");
  private static final Set<String> PROTOCOLS =
      Set.of("ip", "ip6", "arp", "tcp", "udp", "icmp", "icmp6");
  private static final int DEEPEST = 100;

  private final String text;
  private final List<String> words = new ArrayList<>();
  private int at;
  private int depth;

  FilterParser(String text) {
    this.text = text.strip();
    Matcher matcher = TOKEN.matcher(this.text);
    while (matcher.lookingAt()) {
      words.add(matcher.group(1));
      matcher.region(matcher.end(), this.text.length());
    }
  }

  Filter filter() {
    if (words.isEmpty()) {
      return Filter.all();
    }
    Filter filter = expression();
    if (at < words.size()) {
      throw wrong("\"" + words.get(at) + "\" is one too many");
    }
    return filter.parsedFrom(text);
  }

  private Filter expression() {
    if (++depth > DEEPEST) {
      throw wrong("more than " + DEEPEST + " parentheses in one another");
    }
    Filter left = term();
    while (true) {
      if (takes("and") || takes("&&")) {
        left = left.and(term());
      } else if (takes("or") || takes("||")) {
        left = left.or(term());
      } else {
        depth--;
        return left;
      }
    }
  }

  private Filter term() {
    boolean not = false;
    while (takes("not") || takes("!")) {
      not = !not;
    }
    Filter term;
    if (takes("(")) {
      term = expression();
      if (!takes(")")) {
        throw wrong("a parenthesis is not closed");
      }
    } else {
      term = primitive();
    }
    return not ? term.not() : term;
  }

  private Filter primitive() {
    String protocol = PROTOCOLS.contains(peek()) ? take() : "";
    Side side = takes("src") ? Side.SOURCE : takes("dst") ? Side.DESTINATION : Side.BOTH;
    switch (peek()) {
      case "host", "net" -> {
        boolean host = take().equals("host");
        Filter filter = Filter.net(host ? host(protocol) : net(protocol), side);
        if (protocol.isEmpty()) {
          return filter;
        }
        return protocol(protocol).and(filter);
      }
      case "port" -> {
        take();
        if (!Set.of("", "tcp", "udp").contains(protocol)) {
          throw wrong(protocol + " has no ports");
        }
        Filter filter = Filter.port(port(), side);
        return protocol.isEmpty() ? filter : protocol(protocol).and(filter);
      }
      default -> {
        if (protocol.isEmpty() || side != Side.BOTH) {
          throw wrong(
              at == words.size()
                  ? "something is missing at the end"
                  : "\"" + peek() + "\" is neither a protocol nor host, net or port");
        }
        return protocol(protocol);
      }
    }
  }

  private Cidr host(String protocol) {
    String word = take();
    return address(protocol, word, word + (word.indexOf(':') < 0 ? "/32" : "/128"));
  }

  private Cidr net(String protocol) {
    String word = take();
    Cidr cidr = address(protocol, word, word);
    if (!cidr.network().address().equals(cidr.address())) {
      throw wrong("\"" + word + "\" is an address in a network, not the network");
    }
    return cidr;
  }

  private Cidr address(String protocol, String word, String cidr) {
    Cidr address;
    try {
      address = Cidr.parse(cidr);
    } catch (IllegalArgumentException e) {
      throw wrong("\"" + word + "\" is no address; names are not looked up");
    }
    Set<String> fitting = address.isIpv6() ? Set.of("", "ip6") : Set.of("", "ip", "arp");
    if (!fitting.contains(protocol)) {
      throw wrong(protocol + " has no address " + word);
    }
    return address;
  }

  private int port() {
    String word = take();
    if (!word.matches("[0-9]{1,5}") || Integer.parseInt(word) > 65535) {
      throw wrong("\"" + word + "\" is no port from 0 to 65535; names are not looked up");
    }
    return Integer.parseInt(word);
  }

  private static Filter protocol(String name) {
    return switch (name) {
      case "ip" -> Filter.ip();
      case "ip6" -> Filter.ip6();
      case "arp" -> Filter.arp();
      case "tcp" -> Filter.tcp();
      case "udp" -> Filter.udp();
      case "icmp" -> Filter.icmp();
      default -> Filter.icmp6();
    };
  }

  private String peek() {
    return at < words.size() ? words.get(at) : "";
  }

  private String take() {
    if (at == words.size()) {
      throw wrong("something is missing at the end");
    }
    return words.get(at++);
  }

  private boolean takes(String word) {
    if (peek().equals(word)) {
      at++;
      return true;
    }
    return false;
  }

  private SyntaxException wrong(String problem) {
    return new SyntaxException(text, problem);
  }
}
