// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import static org.vnet4j.linux.nftables.Nft.*;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vnet4j.firewall.Rule;
import org.vnet4j.net.IpLiteral;

/**
 * Compiles translations of addresses, in the text form of Translation, to chains of the kernel's
 * NAT.
 */
public final class NftTranslations {
  private static final Pattern WORDS =
      Pattern.compile("(nat|rdr) on (\\S+) proto (.+) -> (\\S+?)(?: port ([0-9]+))?");
  private static final int ADDRESS = NFT_REG32_00;
  private static final int PORT = NFT_REG32_00 + 4;

  private NftTranslations() {}

  public static void add(NftProgram program, List<String> translations) {
    NftChain rdr = chain("rdr", NF_INET_PRE_ROUTING, -100);
    NftChain nat = chain("nat", NF_INET_POST_ROUTING, 100);
    for (int i = 0; i < translations.size(); i++) {
      add(program, rdr, nat, translations.get(i), "n" + i);
    }
    program.add(rdr);
    program.add(nat);
  }

  private static NftChain chain(String name, int hook, int priority) {
    return new NftChain(name, new NftChain.Hook("nat", hook, priority), new ArrayList<>());
  }

  private static void add(NftProgram program, NftChain rdr, NftChain nat, String words, String id) {
    Matcher matcher = WORDS.matcher(words);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a translation: " + words);
    }
    boolean in = matcher.group(1).equals("rdr");
    byte[] target = IpLiteral.parse(matcher.group(4)).getAddress();
    String port = matcher.group(5);
    CompiledRule rule = new CompiledRule(id, Rule.parse("allow " + matcher.group(3)));
    rule.sets().forEach(program::add);
    byte[] name = Arrays.copyOf(matcher.group(2).getBytes(StandardCharsets.US_ASCII), 16);
    NftExpressions code =
        new NftExpressions()
            .family(target.length == 16 ? 6 : 4)
            .meta(in ? NFT_META_IIFNAME : NFT_META_OIFNAME, NFT_REG_1)
            .is(name)
            .then(rule.matches());
    NftChain chain = in ? rdr : nat;
    if (!rule.misses().isEmpty()) {
      NftChain own = new NftChain(id);
      rule.misses().forEach(miss -> own.add(miss.copy().leave()));
      program.add(own);
      chain.add(code.jump(id), words);
      chain = own;
      code = new NftExpressions();
    }
    code.constant(ADDRESS, target);
    if (port != null) {
      code.constant(PORT, CompiledRule.bytes(Integer.parseInt(port), 2));
    }
    int family = target.length == 16 ? NFPROTO_IPV6 : NFPROTO_IPV4;
    int type = in ? NFT_NAT_DNAT : NFT_NAT_SNAT;
    chain.add(code.translate(type, family, ADDRESS, port == null ? 0 : PORT), words);
  }
}
