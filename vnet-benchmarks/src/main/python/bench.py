# SPDX-FileCopyrightText: The Vnet for Java authors
# SPDX-License-Identifier: Apache-2.0
"""The contender pyroute2: the same operations by its public calls.

Speaks as ../c/bench.c does, which starts it in a network stack of its own.
Without arguments it lists the operations there are.
"""
import os
import sys
import time

from pyroute2 import IPRoute, NetNS, NSPopen, netns


class Ground:
    def __init__(self, size):
        self.size = size
        self.ip = IPRoute()

    def index(self, name):
        return self.ip.link_lookup(ifname=name)[0]

    def epair(self, a="epair0a", b="epair0b", jail=None):
        peer = {"ifname": b, "net_ns_fd": jail} if jail else {"ifname": b}
        self.ip.link("add", ifname=a, kind="veth", peer=peer)

    def address(self, name="epair0a", address="192.0.2.1", mask=24):
        self.ip.addr("add", index=self.index(name), address=address, mask=mask)

    def bridge(self):
        self.ip.link("add", ifname="bridge0", kind="bridge")


class ReadOneInterface(Ground):
    def setup(self):
        self.epair()
        self.address()

    def each(self):
        link = self.ip.link("get", ifname="epair0a")[0]
        self.ip.get_addr(index=link["index"])


class ListInterfaces(Ground):
    def setup(self):
        for i in range(self.size // 2):
            self.epair(f"epair{i}a", f"epair{i}b")

    def each(self):
        self.ip.get_links()
        self.ip.get_addr()


class CreateDestroyEpair(Ground):
    def each(self):
        self.epair()
        self.ip.link("del", ifname="epair0a")


class CreateRemoveJail(Ground):
    def each(self):
        netns.create("jail")
        netns.remove("jail")


class GiveTakeBack(Ground):
    def setup(self):
        self.epair()
        netns.create("jail")
        self.jail = NetNS("jail")

    def each(self):
        self.ip.link("set", index=self.index("epair0b"), net_ns_fd="jail")
        there = self.jail.link_lookup(ifname="epair0b")[0]
        self.jail.link("set", index=there, net_ns_pid=os.getpid())


class AddRemoveAddress(Ground):
    def setup(self):
        self.epair()

    def each(self):
        index = self.index("epair0a")
        self.ip.addr("add", index=index, address="192.0.2.2", mask=24)
        self.ip.addr("del", index=index, address="192.0.2.2", mask=24)


class BridgeAddDeleteMember(Ground):
    def setup(self):
        self.epair()
        self.bridge()

    def each(self):
        bridge = self.index("bridge0")
        self.ip.link("set", index=self.index("epair0a"), master=bridge)
        self.ip.link("set", index=self.index("epair0a"), master=0)


class StartProcess(Ground):
    def setup(self):
        netns.create("jail")

    def each(self):
        child = NSPopen("jail", ["true"])
        child.wait()
        child.release()


class Star(Ground):
    def setup(self):
        self.bridge()
        self.hub = self.index("bridge0")
        self.address("bridge0", "10.0.0.1", 16)
        self.ip.link("set", index=self.hub, state="up")

    def name(self, i):
        return f"10.0.{(i + 2) // 256}.{(i + 2) % 256}"

    def build(self):
        ends = []
        for i in range(self.size):
            name = self.name(i)
            netns.create(name)
            self.epair(f"epair{i}a", f"epair{i}b", name)
            with NetNS(name) as jail:
                b = jail.link_lookup(ifname=f"epair{i}b")[0]
                jail.addr("add", index=b, address=name, mask=16)
                jail.link("set", index=b, state="up")
            a = self.index(f"epair{i}a")
            self.ip.link("set", index=a, master=self.hub)
            ends.append(a)
        for a in ends:
            self.ip.link("set", index=a, state="up")

    def tear_down(self):
        for i in range(self.size):
            self.ip.link("del", ifname=f"epair{i}a")
            netns.remove(self.name(i))


class StarBuild(Star):
    each = Star.build
    undo = Star.tear_down


class StarTearDown(Star):
    prepare = Star.build
    each = Star.tear_down


OPERATIONS = {
    one.__name__[0].lower() + one.__name__[1:]: one
    for one in (
        ReadOneInterface,
        ListInterfaces,
        CreateDestroyEpair,
        CreateRemoveJail,
        GiveTakeBack,
        AddRemoveAddress,
        BridgeAddDeleteMember,
        StartProcess,
        StarBuild,
        StarTearDown,
    )
}


def serve(ground):
    print("ready", flush=True)
    for line in sys.stdin:
        word, *times = line.split()
        if word == "run":
            start = time.perf_counter_ns()
            for _ in range(int(times[0])):
                ground.each()
            print(time.perf_counter_ns() - start, flush=True)
        else:
            getattr(ground, word, lambda: None)()
            print("done", flush=True)


def main():
    if len(sys.argv) == 1:
        print("\n".join(OPERATIONS))
        return
    ground = OPERATIONS[sys.argv[1]](int(sys.argv[2]))
    getattr(ground, "setup", lambda: None)()
    serve(ground)


if __name__ == "__main__":
    main()
