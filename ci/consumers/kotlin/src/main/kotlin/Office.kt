// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

import org.vnet4j.Vnet
import org.vnet4j.firewall.Action
import org.vnet4j.firewall.Rules.any
import org.vnet4j.firewall.Rules.deny

fun main() {
    Vnet.sandbox().use { vnet ->
        val host = vnet.host()
        val cable = host.epair().create()
        val jail = host.jail("kotlin").vnet(cable.b()).create()
        cable.a().inet("192.0.2.1/24").up()
        cable.b().inet("192.0.2.2/24").up()
        println(host.ping("192.0.2.2").count(2).run())

        vnet.modules().loadIpfw(Action.Plain.ALLOW)
        jail.ipfw().add(100, deny().icmp().from(any()).to(any()).inbound())
        println("denied: " + !host.ping("192.0.2.2").count(1).run().isAnswered)
    }
}
