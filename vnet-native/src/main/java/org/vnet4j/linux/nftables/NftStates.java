// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.vnet4j.linux.nftables.Nft.*;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.vnet4j.firewall.FirewallState;
import org.vnet4j.firewall.State;

/**
 * The states of a firewall: a map from a connection to the id of the rule that created the state.
 * The packets themselves maintain the map, as in ipfw(4) (ip_fw_dynamic.c), with the lifetimes of
 * its sysctls. A connection is identified by its name, protocol, addresses and ports; the key has
 * the direction of the first packet, and packets of both directions search for it. Names have up to
 * 63 characters, so the key has a digest of the name that cannot be made to collide.
 *
 * <p>This does not use the kernel's connection tracking, which would reassemble fragments, check
 * sequence numbers and forget connections if a later hook drops their packets.
 */
public final class NftStates {
  static final String ACTIONS = "actions";

  /** The set of the protocols with ports that are neither TCP nor UDP: SCTP and UDP-Lite. */
  private static final String FURTHER = "further_with_ports";

  private static final int MOST = 65535;
  private static final int SHORT = 5_000;

  /** Where the header of an ICMP query has its identifier. */
  private static final int ICMP_ID = 4;

  /** The registers of a key; earlier comparisons may use the same registers. */
  private static final int NAME = NFT_REG32_00;

  /** The bytes of a name's digest; with them a key of IPv6 and its data fill the registers. */
  private static final int NAME_BYTES = 16;

  private static final int PROTOCOL = NAME + NAME_BYTES / 4;
  private static final int FROM = PROTOCOL + 1;

  private NftStates() {}

  /** What a key has where others have the ports. */
  private enum Ends {
    PORTS,
    /** Zeros. */
    NONE,
    /** The identifier of an ICMP query, and the type of the request. */
    REQUEST,
    /** The same, for the reply, which is sent the other way. */
    REPLY
  }

  /** A class of packets: the test that identifies them, and the lifetime that they give a state. */
  private record Kind(NftExpressions guard, Ends ends, int millis) {
    boolean isQuery() {
      return ends == Ends.REQUEST || ends == Ends.REPLY;
    }
  }

  /** The requests of ICMP and their replies. */
  private static final Map<Integer, Integer> QUERIES = Map.of(8, 0, 13, 14, 15, 16, 17, 18);

  private static final Map<Integer, Integer> QUERIES6 = Map.of(128, 129, 139, 140);

  private static NftExpressions icmp(int family) {
    return new NftExpressions().protocol(true, family == 6 ? 58 : 1);
  }

  /** The map from the type of a request, or of its reply, to what a key has of it. */
  private static String types(Ends ends, int family) {
    return (ends == Ends.REPLY ? "replies" : "requests") + family;
  }

  private static NftSet types(int family, Ends ends) {
    List<NftSet.Element> elements = new ArrayList<>();
    new TreeMap<>(family == 6 ? QUERIES6 : QUERIES)
        .forEach(
            (request, reply) -> {
              byte[] type = {(byte) (int) (ends == Ends.REPLY ? reply : request)};
              byte[] inKey = {0, (byte) (int) request, 0, 0};
              elements.add(NftSet.Element.of(type, inKey));
            });
    return NftSet.numbers(types(ends, family), elements);
  }

  /**
   * Returns the kinds of ICMP queries. pf and ipfilter tell the requests of ICMP from their
   * replies: a state has the type of its request and the identifier, and only these two match it.
   * ipfw does not.
   */
  private static List<Kind> queries(NftProgram program, int family) {
    if (!program.tellsQueries()) {
      return List.of();
    }
    List<Kind> kinds = new ArrayList<>();
    for (Ends ends : new Ends[] {Ends.REQUEST, Ends.REPLY}) {
      NftExpressions guard = icmp(family).transport(0);
      kinds.add(new Kind(guard.map(types(ends, family), NFT_REG_1, data(family) - 1), ends, SHORT));
    }
    return kinds;
  }

  /** Returns the kinds of packets without ports: other protocols, and fragments. */
  private static List<Kind> portless(NftProgram program, int family) {
    NftExpressions others = new NftExpressions();
    if (program.tellsQueries()) {
      others.protocol(false, family == 6 ? 58 : 1);
    }
    NftExpressions fragment =
        family == 6
            ? new NftExpressions().extension(44, 2, 2).mask(CompiledRule.bytes(0xfff8, 2))
            : new NftExpressions().network(6, 2).mask(CompiledRule.bytes(0x1fff, 2));
    others.meta(NFT_META_L4PROTO, NFT_REG_1).inSet(false, CompiledRule.WITH_PORTS);
    return List.of(
        new Kind(others, Ends.NONE, SHORT),
        new Kind(fragment.isNot((byte) 0, (byte) 0), Ends.NONE, SHORT));
  }

  private static Kind among(String protocols) {
    NftExpressions guard = new NftExpressions().meta(NFT_META_L4PROTO, NFT_REG_1);
    return new Kind(guard.inSet(true, protocols), Ends.PORTS, SHORT);
  }

  /** Returns the kinds that differ in key or lifetime; the first that fits a packet counts. */
  private static List<Kind> kinds(NftProgram program, int family) {
    List<Kind> kinds = new ArrayList<>(queries(program, family));
    kinds.add(new Kind(flags(4).isNot((byte) 0), Ends.PORTS, 1_000));
    kinds.add(new Kind(flags(0x12).is((byte) 2), Ends.PORTS, 20_000));
    kinds.add(new Kind(new NftExpressions().protocol(true, 6), Ends.PORTS, 300_000));
    kinds.add(new Kind(new NftExpressions().protocol(true, 17), Ends.PORTS, 10_000));
    kinds.add(among(FURTHER));
    kinds.addAll(portless(program, family));
    return kinds;
  }

  /** Returns the kinds that differ in their key; a packet belongs to at most one. */
  private static List<Kind> keys(NftProgram program, int family) {
    List<Kind> kinds = new ArrayList<>(queries(program, family));
    kinds.add(among(CompiledRule.WITH_PORTS));
    kinds.addAll(portless(program, family));
    return kinds;
  }

  private static NftExpressions flags(int mask) {
    return new NftExpressions().protocol(true, 6).transport(13).mask(new byte[] {(byte) mask});
  }

  static String map(int family) {
    return "states" + family;
  }

  static int keyLength(int family) {
    return NAME_BYTES + (family == 6 ? 44 : 20);
  }

  private static int data(int family) {
    return NAME + keyLength(family) / 4;
  }

  /** Adds the maps that store states. */
  static void declare(NftProgram program, String prefix, List<NftSet.Element> actions) {
    for (int family : new int[] {4, 6}) {
      program.add(NftSet.timed(map(family), keyLength(family), MOST, SHORT));
    }
    program.add(NftSet.verdicts(prefix + ACTIONS).with(actions));
    List<byte[]> further = List.of(new byte[] {(byte) 132}, new byte[] {(byte) 136});
    program.add(NftSet.values(FURTHER, NftSet.INTEGER, further));
    if (program.tellsQueries()) {
      for (Ends ends : new Ends[] {Ends.REQUEST, Ends.REPLY}) {
        program.add(types(4, ends));
        program.add(types(6, ends));
      }
    }
  }

  static byte[] nameKey(String name) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(US_ASCII));
      return Arrays.copyOf(digest, NAME_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e); // every Java has it
    }
  }

  private static NftExpressions key(
      NftExpressions code, String name, int family, Kind kind, boolean back) {
    int width = family == 6 ? 4 : 1;
    int address = family == 6 ? 16 : 4;
    int source = family == 6 ? 8 : 12;
    int to = FROM + width;
    int fromPort = to + width;
    if (kind.ends() == Ends.PORTS) {
      code.transport(0); // ends the line for fragments without ports
    }
    code.constant(NAME, nameKey(name)).meta(NFT_META_L4PROTO, PROTOCOL);
    code.payload(NFT_PAYLOAD_NETWORK_HEADER, source, address, back ? to : FROM);
    code.payload(NFT_PAYLOAD_NETWORK_HEADER, source + address, address, back ? FROM : to);
    if (kind.isQuery()) { // its guard has loaded the type
      return code.payload(NFT_PAYLOAD_TRANSPORT_HEADER, ICMP_ID, 2, fromPort);
    }
    if (kind.ends() == Ends.NONE) {
      return code.constant(fromPort, new byte[4]).constant(fromPort + 1, new byte[4]);
    }
    code.payload(NFT_PAYLOAD_TRANSPORT_HEADER, 0, 2, back ? fromPort + 1 : fromPort);
    return code.payload(NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, back ? fromPort : fromPort + 1);
  }

  private static String look(String prefix, int family, String name) {
    return prefix + "look" + family + "." + name;
  }

  /** Adds the chain that searches for a state of some name; it returns if there is none. */
  static String look(NftProgram program, String prefix, String name) {
    String chain = prefix + "look." + name;
    if (!program.hasChain(chain)) {
      NftChain both = new NftChain(chain);
      program.add(both);
      for (int family : new int[] {4, 6}) {
        NftChain one = new NftChain(look(prefix, family, name));
        for (Kind kind : kinds(program, family)) {
          for (boolean back : new boolean[] {false, true}) {
            if (kind.isQuery() && back != (kind.ends() == Ends.REPLY)) {
              continue; // a request goes one way, and its reply the other
            }
            NftExpressions code = key(kind.guard().copy(), name, family, kind, back);
            one.add(found(code, prefix, family, kind));
          }
          if (program.translates()) {
            one.add(found(tracked(kind.guard().copy(), name, family, kind), prefix, family, kind));
          }
        }
        program.add(one);
        both.add(new NftExpressions().family(family).jump(one.name()));
      }
    }
    return chain;
  }

  private static NftExpressions found(NftExpressions code, String prefix, int family, Kind kind) {
    return code.map(map(family), NAME, data(family))
        .remember(NFT_DYNSET_OP_UPDATE, map(family), NAME, data(family), kind.millis())
        .map(prefix + ACTIONS, data(family), NFT_REG_VERDICT);
  }

  /**
   * Encodes the key of a translated connection. Rules see packets of both directions after
   * translation; the untranslated replies have those addresses.
   */
  private static NftExpressions tracked(NftExpressions code, String name, int family, Kind kind) {
    int to = FROM + (family == 6 ? 4 : 1);
    int port = to + (family == 6 ? 4 : 1);
    int source = family == 6 ? NFT_CT_SRC_IP6 : NFT_CT_SRC_IP;
    code.constant(NAME, nameKey(name)).meta(NFT_META_L4PROTO, PROTOCOL);
    code.answer(source + 1, FROM).answer(source, to);
    if (kind.isQuery()) {
      return code.answer(NFT_CT_PROTO_SRC, port);
    }
    return kind.ends() == Ends.PORTS
        ? code.answer(NFT_CT_PROTO_DST, port).answer(NFT_CT_PROTO_SRC, port + 1)
        : code.constant(port, new byte[4]).constant(port + 1, new byte[4]);
  }

  /**
   * Fills the chain that creates a state for a rule and then jumps to the chain that finds states,
   * which sets its lifetime and performs the rule's action. Drops the packet if the limit is
   * reached or no state can be created.
   *
   * @param then the rule's action, also for packets that have no state
   */
  static void install(
      NftProgram program,
      String prefix,
      NftChain chain,
      StoredRule entry,
      State state,
      String name,
      String then) {
    for (int family : new int[] {4, 6}) {
      if (state instanceof State.Limit limit) {
        limit(program, chain, entry, limit, family);
      }
    }
    look(program, prefix, name);
    for (int family : new int[] {4, 6}) {
      for (Kind kind : keys(program, family)) {
        NftExpressions code = new NftExpressions().family(family).then(kind.guard());
        key(code, name, family, kind, kind.ends() == Ends.REPLY)
            .constant(data(family), CompiledRule.number(entry.id()));
        chain.add(code.remember(NFT_DYNSET_OP_ADD, map(family), NAME, data(family), kind.millis()));
      }
      chain.add(new NftExpressions().family(family).jump(look(prefix, family, name)));
      if (program.tellsQueries()) { // an error of ICMP has no state
        chain.add(new NftExpressions().family(family).then(icmp(family)).goTo(then));
      }
    }
    chain.add(new NftExpressions().count(entry.counter()).drop());
    program.add(chain);
  }

  /**
   * Encodes the limit: the fields by which connections are counted together. The kernel tracks
   * these connections.
   */
  private static void limit(
      NftProgram program, NftChain chain, StoredRule entry, State.Limit limit, int family) {
    boolean ports =
        limit.keys().contains(State.Key.SRC_PORT) || limit.keys().contains(State.Key.DST_PORT);
    int address = family == 6 ? 16 : 4;
    int source = family == 6 ? 8 : 12;
    String name = "limit" + entry.id() + "_" + family;
    NftExpressions code = new NftExpressions().family(family).meta(NFT_META_L4PROTO, NAME);
    int next = NAME + 1;
    if (limit.keys().contains(State.Key.SRC_ADDR)) {
      code.payload(NFT_PAYLOAD_NETWORK_HEADER, source, address, next);
      next += address / 4;
    }
    if (limit.keys().contains(State.Key.DST_ADDR)) {
      code.payload(NFT_PAYLOAD_NETWORK_HEADER, source + address, address, next);
      next += address / 4;
    }
    if (ports && limit.keys().contains(State.Key.SRC_PORT)) {
      code.payload(NFT_PAYLOAD_TRANSPORT_HEADER, 0, 2, next++);
    }
    if (ports && limit.keys().contains(State.Key.DST_PORT)) {
      code.payload(NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, next++);
    }
    program.add(NftSet.counting(name, (next - NAME) * 4, MOST));
    code.moreConnections(name, NAME, limit.connections()).count(entry.counter()).drop();
    chain.add(code);
  }

  /** Decodes an element; the key has the direction of the packet that created it. */
  public static FirewallState decode(NftRequests.MapElement element) {
    ByteBuffer key = ByteBuffer.wrap(element.key());
    if (key.capacity() != keyLength(4) && key.capacity() != keyLength(6)) {
      throw new IllegalArgumentException("a state of " + key.capacity() + " bytes");
    }
    int addresses = NAME_BYTES + 4;
    int width = (key.capacity() - addresses - 8) / 2;
    byte[] from = new byte[width];
    byte[] to = new byte[width];
    int protocol = key.get(NAME_BYTES) & 0xff;
    key.get(addresses, from).get(addresses + width, to);
    return new FirewallState(
        protocol,
        NftAddresses.address(from),
        key.getShort(addresses + 2 * width) & 0xffff,
        NftAddresses.address(to),
        key.getShort(addresses + 4 + 2 * width) & 0xffff,
        "expires in " + (element.millis() + 999) / 1000 + "s");
  }
}
