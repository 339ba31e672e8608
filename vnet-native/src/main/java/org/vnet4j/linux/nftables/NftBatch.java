// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import static org.vnet4j.linux.netlink.LinuxErrno.EMSGSIZE;
import static org.vnet4j.linux.netlink.Netlink.*;
import static org.vnet4j.linux.nftables.Nft.*;
import static org.vnet4j.net.Errno.ENOENT;
import static org.vnet4j.posix.libc.Abi.E2BIG;

import java.nio.BufferOverflowException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.vnet4j.KernelError;
import org.vnet4j.linux.netlink.NetlinkMessages;
import org.vnet4j.linux.netlink.NetlinkReader;
import org.vnet4j.linux.netlink.NetlinkSocket;
import org.vnet4j.linux.netlink.NetlinkWriter;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.libc.Memory;

/** A batch of changes to one table of nf_tables, applied atomically, whatever other tables do. */
public final class NftBatch {
  private static final int FIRST_SIZE = 32 * 1024;

  /** The most bytes of elements in one message: the length of an attribute has 16 bits. */
  private static final int ELEMENTS = 48 * 1024;

  /** The modules of expressions whose name does not say it. */
  private static final Map<String, String> MODULES =
      Map.of(
          "fib", "nft_fib_inet",
          "reject", "nft_reject_inet",
          "log", "nft_log nf_log_syslog",
          "dynset", "nft_connlimit"); // the expression in it: dynset itself is in nf_tables

  /** Expressions that nf_tables itself has: what they refer to is missing then. */
  private static final Set<String> BUILT_IN =
      Set.of(
          "bitwise",
          "byteorder",
          "cmp",
          "exthdr",
          "immediate",
          "lookup",
          "meta",
          "objref",
          "payload",
          "range");

  private final String table;
  private final List<String> calls = new ArrayList<>();
  private Memory bytes = Memory.allocate(FIRST_SIZE);
  private final NetlinkWriter out = new NetlinkWriter(bytes.bytes());
  private int setId;
  private @Nullable String missing;

  NftBatch(String table) {
    this.table = table;
    out.clear();
    message("NFNL_MSG_BATCH_BEGIN", x -> mark(x, NFNL_MSG_BATCH_BEGIN));
  }

  private void add(String call, int type, int flags, Consumer<NetlinkWriter> attributes) {
    message(
        call,
        x -> {
          x.begin(Nft.message(type), flags | NLM_F_ACK).u8(NFPROTO_INET).u8(0).u16(0);
          attributes.accept(x);
        });
  }

  /** Writes a message; if the buffer is full, writes it again to a buffer twice as large. */
  private void message(String call, Consumer<NetlinkWriter> content) {
    while (true) {
      try {
        content.accept(out);
        out.end();
        calls.add(call);
        return;
      } catch (BufferOverflowException e) {
        Memory larger = Memory.allocate(bytes.bytes().capacity() * 2);
        out.moveTo(larger.bytes());
        bytes = larger;
      }
    }
  }

  private static void mark(NetlinkWriter x, int type) {
    x.begin(type, 0).u8(0).u8(0).u8(NFNL_SUBSYS_NFTABLES >>> 8).u8(NFNL_SUBSYS_NFTABLES);
  }

  /** Returns whether the batch contains no changes. */
  boolean isEmpty() {
    return calls.size() == 1;
  }

  void newTable(String comment, boolean dormant) {
    add(
        "NFT_MSG_NEWTABLE",
        NFT_MSG_NEWTABLE,
        NLM_F_CREATE,
        x ->
            x.attribute(NFTA_TABLE_NAME, table)
                .big(NFTA_TABLE_FLAGS, dormant ? NFT_TABLE_F_DORMANT : 0)
                .attribute(NFTA_TABLE_USERDATA, NftUserData.comment(comment)));
  }

  void deleteTable() {
    add("NFT_MSG_DELTABLE", NFT_MSG_DELTABLE, 0, x -> x.attribute(NFTA_TABLE_NAME, table));
  }

  void chain(String name) {
    add(
        "NFT_MSG_NEWCHAIN " + name,
        NFT_MSG_NEWCHAIN,
        NLM_F_CREATE,
        x -> x.attribute(NFTA_CHAIN_TABLE, table).attribute(NFTA_CHAIN_NAME, name));
  }

  void baseChain(String name, NftChain.Hook hook) {
    add(
        "NFT_MSG_NEWCHAIN " + name,
        NFT_MSG_NEWCHAIN,
        NLM_F_CREATE,
        x -> {
          x.attribute(NFTA_CHAIN_TABLE, table).attribute(NFTA_CHAIN_NAME, name);
          int nest = x.open(NFTA_CHAIN_HOOK | NLA_F_NESTED);
          x.big(NFTA_HOOK_HOOKNUM, hook.number()).big(NFTA_HOOK_PRIORITY, hook.priority());
          x.close(nest).attribute(NFTA_CHAIN_TYPE, hook.type());
        });
  }

  void deleteChain(String name) {
    add(
        "NFT_MSG_DELCHAIN " + name,
        NFT_MSG_DELCHAIN,
        0,
        x -> x.attribute(NFTA_CHAIN_TABLE, table).attribute(NFTA_CHAIN_NAME, name));
  }

  /** Deletes all lines of a chain. */
  void emptyChain(String name) {
    add(
        "NFT_MSG_DELRULE " + name,
        NFT_MSG_DELRULE,
        0,
        x -> x.attribute(NFTA_RULE_TABLE, table).attribute(NFTA_RULE_CHAIN, name));
  }

  void line(String chain, NftRule line) {
    add(
        "NFT_MSG_NEWRULE " + chain,
        NFT_MSG_NEWRULE,
        NLM_F_CREATE | NLM_F_APPEND,
        x -> {
          x.attribute(NFTA_RULE_TABLE, table).attribute(NFTA_RULE_CHAIN, chain);
          int nest = x.open(NFTA_RULE_EXPRESSIONS | NLA_F_NESTED);
          x.encoded(line.expressions()).close(nest);
          if (!line.comment().isEmpty()) {
            x.attribute(NFTA_RULE_USERDATA, NftUserData.comment(line.comment()));
          }
        });
  }

  void counter(String name, @Nullable String comment) {
    add(
        "NFT_MSG_NEWOBJ " + name,
        NFT_MSG_NEWOBJ,
        NLM_F_CREATE | NLM_F_EXCL,
        x -> {
          object(x, name);
          int nest = x.open(NFTA_OBJ_DATA | NLA_F_NESTED);
          x.bigLong(NFTA_COUNTER_BYTES, 0).bigLong(NFTA_COUNTER_PACKETS, 0).close(nest);
          if (comment != null) {
            x.attribute(NFTA_OBJ_USERDATA, NftUserData.comment(comment));
          }
        });
  }

  void deleteCounter(String name) {
    add("NFT_MSG_DELOBJ " + name, NFT_MSG_DELOBJ, 0, x -> object(x, name));
  }

  private void object(NetlinkWriter x, String name) {
    x.attribute(NFTA_OBJ_TABLE, table).attribute(NFTA_OBJ_NAME, name);
    x.big(NFTA_OBJ_TYPE, NFT_OBJECT_COUNTER);
  }

  void set(NftSet set) {
    add(
        "NFT_MSG_NEWSET " + set.name(),
        NFT_MSG_NEWSET,
        NLM_F_CREATE | NLM_F_EXCL,
        x -> {
          x.attribute(NFTA_SET_TABLE, table).attribute(NFTA_SET_NAME, set.name());
          x.big(NFTA_SET_FLAGS, set.flags()).big(NFTA_SET_ID, ++setId);
          x.big(NFTA_SET_KEY_TYPE, set.keyType()).big(NFTA_SET_KEY_LEN, set.keyLength());
          if ((set.flags() & NFT_SET_MAP) != 0) {
            x.big(NFTA_SET_DATA_TYPE, set.dataType()).big(NFTA_SET_DATA_LEN, set.dataLength());
          }
          if (set.size() > 0) {
            int nest = x.open(NFTA_SET_DESC | NLA_F_NESTED);
            x.big(NFTA_SET_DESC_SIZE, set.size()).close(nest);
          }
          if (set.timeoutMillis() > 0) {
            x.bigLong(NFTA_SET_TIMEOUT, set.timeoutMillis());
          }
        });
    elements(set.name(), NFT_MSG_NEWSETELEM, set.elements());
  }

  void deleteSet(String name) {
    add(
        "NFT_MSG_DELSET " + name,
        NFT_MSG_DELSET,
        0,
        x -> x.attribute(NFTA_SET_TABLE, table).attribute(NFTA_SET_NAME, name));
  }

  void addElements(String set, List<NftSet.Element> elements) {
    elements(set, NFT_MSG_NEWSETELEM, elements);
  }

  void deleteElements(String set, List<NftSet.Element> elements) {
    elements(set, NFT_MSG_DELSETELEM, elements);
  }

  private void elements(String set, int type, List<NftSet.Element> elements) {
    String call =
        (type == NFT_MSG_NEWSETELEM ? "NFT_MSG_NEWSETELEM " : "NFT_MSG_DELSETELEM ") + set;
    for (int from = 0; from < elements.size(); ) {
      int size = 0;
      int to = from;
      while (to < elements.size() && size < ELEMENTS) {
        size += elements.get(to++).size();
      }
      List<NftSet.Element> some = elements.subList(from, to);
      add(
          call,
          type,
          type == NFT_MSG_NEWSETELEM ? NLM_F_CREATE : 0,
          x -> {
            x.attribute(NFTA_SET_ELEM_LIST_TABLE, table).attribute(NFTA_SET_ELEM_LIST_SET, set);
            int nest = x.open(NFTA_SET_ELEM_LIST_ELEMENTS | NLA_F_NESTED);
            some.forEach(element -> element.write(x));
            x.close(nest);
          });
      from = to;
    }
  }

  /**
   * Sends the batch; the kernel applies all of it or nothing.
   *
   * @return the first error, or null
   */
  public @Nullable KernelError commit(NetlinkSocket.Exchange exchange, String subject) {
    int count = end();
    int first = exchange.reserve(count);
    number(first);
    int errno = exchange.send(bytes, length());
    if (errno != 0) {
      return Errno.LINUX.error("nft", subject, errno, tooLong(errno));
    }
    KernelError refusal = null;
    while (true) {
      NetlinkMessages in = exchange.receive("nft", subject);
      while (in.next()) {
        int message = in.sequence() - first;
        if (in.type() != NLMSG_ERROR || message < 0) {
          continue;
        }
        if (refusal == null) {
          refusal = refused(message, in.error());
          missing = missing(message, refusal, in.badAttribute());
        }
        // The last change is acknowledged; an error of the first message concerns the whole batch.
        if (message == count - 2 || message == 0) {
          return refusal;
        }
      }
    }
  }

  /** Ends the batch; returns its number of messages. */
  private int end() {
    message("NFNL_MSG_BATCH_END", x -> mark(x, NFNL_MSG_BATCH_END));
    return calls.size();
  }

  private void number(int first) {
    out.number(first);
    out.acknowledgeOnly(calls.size() - 2);
  }

  /** Ends the batch and returns its bytes, for a sender that does not read the replies. */
  byte[] message() {
    end();
    number(1);
    byte[] message = new byte[length()];
    bytes.bytes().get(0, message);
    return message;
  }

  private int length() {
    return out.length();
  }

  /** Returns the error with the name of the message that it concerns. */
  @Nullable
  private KernelError refused(int message, @Nullable KernelError error) {
    return error == null
        ? null
        : new KernelError(
            calls.get(Math.min(message, calls.size() - 1)),
            error.subject(),
            error.number(),
            error.errno(),
            error.text(),
            error.detail());
  }

  /**
   * Returns what the kernel lacks and the command that loads it, if that is why it refused the
   * batch; otherwise null. ENOENT can also mean that the table is not as it was expected to be.
   */
  @Nullable String missing() {
    return missing;
  }

  private @Nullable String missing(int message, @Nullable KernelError refusal, int attribute) {
    if (refusal == null || !refusal.isErrno(ENOENT)) {
      return null;
    }
    return switch (refusal.call().split(" ")[0]) {
      case "NFT_MSG_NEWRULE" -> missingExpression(message, attribute);
      case "NFT_MSG_NEWCHAIN" ->
          "the kernel lacks the chains of nf_tables that translate: modprobe nft_chain_nat";
      case "NFT_MSG_NEWOBJ" -> "the kernel lacks the counters of nf_tables: modprobe nft_counter";
      default -> null;
    };
  }

  private @Nullable String missingExpression(int message, int attribute) {
    if (attribute == 0) { // an older kernel, which does not say which expression it is
      return "the kernel lacks a module of nf_tables: modprobe -a nft_ct nft_connlimit nft_fib_inet"
          + " nft_limit nft_log nf_log_syslog nft_nat nft_reject_inet";
    }
    String name = expression(out.start(message) + attribute);
    return name.isEmpty() || BUILT_IN.contains(name)
        ? null
        : "the kernel lacks the expression "
            + name
            + " of nf_tables: modprobe -a "
            + MODULES.getOrDefault(name, "nft_" + name);
  }

  /** Returns the name of an expression of this batch, or nothing if there is none. */
  private String expression(int at) {
    NetlinkReader list = new NetlinkReader(out.buffer()).over(at, length());
    if (list.next() && list.type() == NFTA_LIST_ELEM) {
      NetlinkReader expression = list.nested();
      if (expression.next() && expression.type() == NFTA_EXPR_NAME) {
        return expression.text();
      }
    }
    return "";
  }

  /** Returns an explanation of an error of send(2), or null. */
  @Nullable
  private String tooLong(int errno) {
    if (errno != EMSGSIZE && errno != E2BIG) {
      return null;
    }
    return "the rules take "
        + length()
        + " bytes, more than one message may have; an ordinary user's may have twice the sysctl"
        + " net.core.wmem_max";
  }
}
