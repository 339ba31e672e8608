// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vnet4j.Epair;
import org.vnet4j.Host;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.contract.memory.MemoryKernel;
import org.vnet4j.picture.Picture;
import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.StackParts;

/** Draws pictures while parts of them vanish. */
class VanishingPartsTest {
  private final MemoryKernel kernel = new MemoryKernel();
  private final Vnet vnet = StackParts.vnet(watched());
  private final Host host = vnet.host();
  private String awaited = "";
  private @Nullable Runnable change;

  @AfterEach
  void close() {
    vnet.close();
  }

  /** The kernel, which changes after the awaited call. */
  private Kernel watched() {
    return (Kernel)
        Proxy.newProxyInstance(
            Kernel.class.getClassLoader(),
            new Class<?>[] {Kernel.class},
            (proxy, method, arguments) -> {
              Object result;
              try {
                result = method.invoke(kernel, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              Runnable now = change;
              if (now != null && method.getName().equals(awaited)) {
                change = null;
                now.run();
              }
              return result;
            });
  }

  private void after(String call, Runnable then) {
    awaited = call;
    change = then;
  }

  @Test
  void a_jail_that_another_program_removes_meanwhile_is_left_out() {
    host.jail("stays").create();
    Jail goes = host.jail("goes").create();
    after("stack", () -> kernel.jails().remove(goes.jid(), returned -> {}));

    Picture picture = Picture.of(vnet);

    assertThat(change).as("was removed").isNull();
    assertThat(picture.shapes()).extracting(Picture.Vertex::id).containsExactly("host", "stays");
  }

  @Test
  void an_epair_that_is_destroyed_meanwhile_is_left_out() {
    host.epair().names("stays0", "stays1").create();
    Epair goes = host.epair().names("goes0", "goes1").create();
    after("epairs", () -> after("stack", goes::destroy));

    Picture picture = Picture.of(vnet);

    assertThat(change).as("was destroyed").isNull();
    assertThat(picture.lines()).extracting(Picture.Edge::endA).containsExactly("stays0");
  }
}
