// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.firewall.Rules;
import org.vnet4j.firewall.Trial;

/** Tests that rules on trial are withdrawn when the program that tries them is killed. */
@Timeout(240)
@EnabledOnOs(value = OS.LINUX, disabledReason = "the stacks of this test are Linux namespaces")
final class LinuxTrialTest {

  @Test
  void old_rules_come_back_when_the_program_that_tries_new_ones_is_killed() throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    assertThat(Jvm.linesOf(Jvm.startAlone(Scene.class)))
        .containsExactly(
            "00100 count ip from any to any, 65535 allow ip from any to any",
            "65534 deny ip from any to any, 65535 allow ip from any to any",
            "the trial of the other program is named",
            "00100 count ip from any to any, 65535 allow ip from any to any",
            "00100 count ip from any to any, 00200 count ip from any to any, 65535 allow ip from"
                + " any to any");
  }

  @Test
  void old_rules_come_back_when_the_helper_alone_is_killed() throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    assertThat(Jvm.linesOf(Jvm.startAlone(HelperScene.class)))
        .containsExactly(
            "deadline: 100", "confirmed: the helper is named, 100", "restored: 100", "closed: 100");
  }

  /** Kills the helper while rules are on trial; the number printed is that of the first rule. */
  static final class HelperScene {
    private HelperScene() {}

    public static void main(String[] args) throws Exception {
      try (Vnet vnet = Vnet.open()) {
        vnet.modules().loadIpfw(Action.Plain.ALLOW);
        vnet.host().jail("trial").persist().create().ipfw().add(100, Rules.count());
      }
      try (Vnet vnet = Vnet.open()) {
        Jail jail = jail(vnet);
        jail.ipfw().loadOnTrial(RuleSet.denying(), Duration.ofSeconds(2));
        killHelper();
        for (int i = 0; i < 1000 && first(jail) != 100; i++) {
          Thread.sleep(10);
        }
        System.out.println("deadline: " + first(jail));
      }
      try (Vnet vnet = Vnet.open()) {
        Jail jail = jail(vnet);
        Trial trial = jail.ipfw().loadOnTrial(RuleSet.denying(), Duration.ofMinutes(5));
        killHelper();
        System.out.println("confirmed: " + confirmed(trial) + ", " + first(jail));
      }
      try (Vnet vnet = Vnet.open()) {
        Jail jail = jail(vnet);
        Trial trial = jail.ipfw().loadOnTrial(RuleSet.denying(), Duration.ofMinutes(5));
        killHelper();
        trial.restore();
        System.out.println("restored: " + first(jail));
      }
      try (Vnet vnet = Vnet.open()) {
        jail(vnet).ipfw().loadOnTrial(RuleSet.denying(), Duration.ofMinutes(5));
        killHelper();
      }
      try (Vnet vnet = Vnet.open()) {
        System.out.println("closed: " + first(jail(vnet)));
        jail(vnet).remove();
      }
    }

    private static Jail jail(Vnet vnet) {
      return vnet.findJail("trial").orElseThrow();
    }

    private static String confirmed(Trial trial) {
      try {
        trial.confirm();
        return "in time";
      } catch (Trial.TooLateException e) {
        boolean named =
            e.getMessage()
                .contains("were not confirmed, and the old ones are back: vnet-helper (pid ");
        return named && e.getCause() != null ? "the helper is named" : e.toString();
      }
    }

    private static int first(Jail jail) {
      return jail.ipfw().list().get(0).number();
    }

    private static void killHelper() throws Exception {
      ProcessHandle keeper = ProcessHandle.current().children().findFirst().orElseThrow();
      keeper.children().forEach(ProcessHandle::destroyForcibly);
      keeper.onExit().get(); // then nothing of the helper is left
    }
  }

  /** Creates a jail with rules, lets another program try others there, and kills it. */
  static final class Scene {
    private Scene() {}

    public static void main(String[] args) throws Exception {
      try (Vnet vnet = Vnet.open()) {
        vnet.modules().loadIpfw(Action.Plain.ALLOW);
        Jail jail = vnet.host().jail("trial").create();
        jail.ipfw().add(100, Rules.count());
        tell(jail);
        Process victim = Jvm.start(Victim.class);
        if (!"ready".equals(victim.inputReader().readLine())) {
          throw new IllegalStateException("the other program did not come up");
        }
        tell(jail);
        try {
          jail.ipfw().add(200, Rules.count());
        } catch (Trial.InProgressException e) {
          boolean named = e.getMessage().contains("by program " + victim.pid());
          System.out.println(named ? "the trial of the other program is named" : e.getMessage());
        }
        victim.destroyForcibly().waitFor();
        Await.until("the old rules are back", () -> jail.ipfw().list().get(0).number() == 100);
        tell(jail);
        jail.ipfw().add(200, Rules.count());
        tell(jail);
      }
    }

    private static void tell(Jail jail) {
      System.out.println(jail.ipfw().toString().strip().replace("\n", ", "));
    }
  }

  /** Tries rules that deny everything, and waits to be killed. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] args) throws Exception {
      Vnet vnet = Vnet.open();
      Jail jail = vnet.findJail("trial").orElseThrow();
      jail.ipfw().loadOnTrial(RuleSet.denying(), Duration.ofMinutes(5));
      System.out.println("ready");
      System.in.read(); // ends with its parent
    }
  }
}
