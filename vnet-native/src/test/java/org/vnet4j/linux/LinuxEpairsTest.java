// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetworkStack;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.NeighbourTable;
import org.vnet4j.contract.kit.Programs;
import org.vnet4j.picture.Picture;

/** Tests that epairs of other programs are found, and that no false pair is reported. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "this is about rtnetlink")
@Timeout(240)
@ExtendWith(NeighbourTable.class)
class LinuxEpairsTest {
  private final List<Process> programs = new ArrayList<>();

  private static void ip(NetworkStack stack, String words) throws Exception {
    String[] command = ("ip " + words).split(" ");
    assertThat(stack.exec(command).run(Duration.ofSeconds(10)).status()).as(words).isZero();
  }

  /** Starts a program that stays, and returns its process id as programs in a stack see it. */
  private String stays(NetworkStack stack, String... before) throws IOException {
    List<String> command = new ArrayList<>(List.of(before));
    command.addAll(List.of("sh", "-c", "echo $$; exec sleep 60"));
    Process program = stack.exec(command).start();
    programs.add(program);
    return new BufferedReader(
            new InputStreamReader(program.getInputStream(), StandardCharsets.US_ASCII))
        .readLine();
  }

  @Test
  void cables_of_others_are_listed_and_drawn_and_their_ends_know_each_other() throws Exception {
    Programs.need("ip");
    try (Vnet vnet = Machine.sandbox()) {
      Jail left = vnet.host().jail("left").create();
      Jail right = vnet.host().jail("right").create();
      ip(left, "link add va type veth peer name vb");
      ip(left, "link set vb netns " + stays(right));
      ip(left, "link add one type veth peer name two");
      String there = " index 7 netns " + stays(left);
      ip(vnet.host(), "link add wan index 7 type veth peer name lan" + there);
      ip(right, "link add br0 type bridge");
      Epair ours = left.epair().vnet(right).create();

      assertThat(vnet.epairs().stream().map(cable -> Set.of(cable.toString().split(" <-> "))))
          .containsExactlyInAnyOrder(
              Set.of("wan@host", "lan@left"),
              Set.of("va@left", "vb@right"),
              Set.of("one@left", "two@left"),
              Set.of(ours.toString().split(" <-> ")));
      assertThat(right.iface("vb").peer()).contains(left.iface("va"));
      assertThat(vnet.host().iface("lo").peer()).isEmpty();
      Map<String, String> lines = new TreeMap<>();
      Picture.of(vnet)
          .lines()
          .forEach(line -> lines.merge(line.a() + " " + line.b(), "1", String::concat));
      assertThat(lines).isEqualTo(Map.of("host left", "1", "left left", "1", "left right", "11"));
    } finally {
      programs.forEach(Process::destroyForcibly);
    }
  }

  /** The indexes of both links name each other as peer; the numbers of their namespaces do not. */
  @Test
  void ends_whose_others_are_with_strangers_are_not_taken_for_each_other() throws Exception {
    Programs.need("ip", "unshare");
    try (Vnet vnet = Machine.sandbox()) {
      Jail left = vnet.host().jail("left").create();
      Jail right = vnet.host().jail("right").create();
      ip(left, "link add va index 500 type veth peer name vb index 600");
      ip(left, "link set vb netns " + stays(left, "unshare", "-n"));
      ip(right, "link add vc index 600 type veth peer name vd index 500");
      ip(right, "link set vd netns " + stays(right, "unshare", "-n"));

      assertThat(vnet.epairs()).isEmpty();
      assertThat(left.iface("va").peer()).isEmpty();
      assertThat(Picture.of(vnet).lines()).isEmpty();
    } finally {
      programs.forEach(Process::destroyForcibly);
    }
  }

  @Test
  void the_cables_of_another_vnet_are_found_too() {
    if (!Machine.mayChangeTheMachine()) {
      org.junit.jupiter.api.Assumptions.abort("needs root on the machine's own network");
    }
    String prefix = "t" + ProcessHandle.current().pid() + "c";
    try (Vnet one = Vnet.open();
        Vnet other = Vnet.open();
        Jail jail = other.host().jail(prefix).create();
        Epair cable = other.host().epair().names(prefix + "a", prefix + "b").vnet(jail).create()) {
      assertThat(one.epairs().stream().map(Epair::toString)).contains(cable.toString());
    }
  }
}
