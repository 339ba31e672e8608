// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.Capability;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.firewall.Rules;
import org.vnet4j.linux.nftables.FirewallModel;
import org.vnet4j.linux.nftables.FirewallStore;
import org.vnet4j.linux.nftables.NftProgram;
import org.vnet4j.linux.nftables.NftRequests;
import org.vnet4j.linux.nftables.UnknownProgram;
import org.vnet4j.linux.registry.MemoryRegistry;
import org.vnet4j.posix.helper.HelperProgram;
import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.KernelErrors;

/** Tests that an error names the module of nf_tables that a kernel lacks. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "nf_tables is Linux's")
final class LinuxMissingModuleTest {
  private static final String TABLE = "vnet4j_test";

  private LinuxKernel kernel;
  private LinuxStack host;

  @BeforeEach
  void open() {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    kernel = new LinuxKernel(HelperProgram.sandbox(), true, new MemoryRegistry(), "test", Set.of());
    host = kernel.stack(Kernel.HOST);
    assumeTrue(kernel.capabilities().contains(Capability.IPFW), "this kernel has no nf_tables");
  }

  @AfterEach
  void close() {
    if (kernel != null) {
      kernel.close();
    }
  }

  @Test
  void an_expression_that_the_kernel_lacks_is_named_with_its_module() {
    missing(
        UnknownProgram.withExpression("frob"),
        "NFT_MSG_NEWRULE lines",
        "ENOENT",
        "the kernel lacks the expression frob of nf_tables: modprobe -a nft_frob");
  }

  @Test
  void chains_that_the_kernel_lacks_are_named_with_their_module() {
    missing(
        UnknownProgram.withChain("frob"),
        "NFT_MSG_NEWCHAIN hooked",
        "ENOENT",
        "modprobe nft_chain_nat");
  }

  @Test
  void what_rules_refer_to_is_no_module() {
    assertThat(refusal(UnknownProgram.withJump()))
        .isNotInstanceOf(Vnet.UnsupportedException.class)
        .hasMessageContainingAll("NFT_MSG_NEWRULE lines", "ENOENT");
  }

  private void missing(NftProgram program, String... words) {
    assertThat(refusal(program))
        .isInstanceOf(Vnet.UnsupportedException.class)
        .hasMessageContainingAll(words);
  }

  /** Returns why the kernel refuses a program; nothing is made. */
  private VnetException refusal(NftProgram program) {
    FirewallModel model = FirewallModel.fresh(true, Rules.allow().ip());
    FirewallStore store = new FirewallStore(host, TABLE, "a test", rules -> program, () -> model);

    VnetException refusal =
        assertThatExceptionOfType(VnetException.class)
            .isThrownBy(() -> store.create(model))
            .actual();

    boolean made =
        host.askNetfilter(
            KernelErrors::of, exchange -> NftRequests.tableFlags(exchange, TABLE) != null);
    assertThat(made).isFalse();
    return refusal;
  }
}
