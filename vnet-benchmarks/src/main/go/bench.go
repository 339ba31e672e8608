// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

// The contender vishvananda/netlink: the same operations by its public calls.
//
// Speaks as ../c/bench.c does, which starts it in a network stack of its own.
// Without arguments it lists the operations there are.
package main

import (
	"bufio"
	"fmt"
	"log"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
)

type operation struct {
	name                       string
	setup, prepare, each, undo func()
}

var (
	size int
	home netns.NsHandle
	// The jail of the operations that have one, and a handle with a socket in it.
	jail netns.NsHandle
	in   *netlink.Handle
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func link(name string) netlink.Link {
	found, err := netlink.LinkByName(name)
	check(err)
	return found
}

func veth(a, b string) *netlink.Veth {
	return &netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: a}, PeerName: b}
}

func epair() {
	check(netlink.LinkAdd(veth("epair0a", "epair0b")))
}

func bridge() {
	check(netlink.LinkAdd(&netlink.Bridge{LinkAttrs: netlink.LinkAttrs{Name: "bridge0"}}))
}

func address(text string) *netlink.Addr {
	parsed, err := netlink.ParseAddr(text)
	check(err)
	return parsed
}

func withAddress() {
	epair()
	check(netlink.AddrAdd(link("epair0a"), address("192.0.2.1/24")))
}

func create(name string) netns.NsHandle {
	made, err := netns.NewNamed(name)
	check(err)
	check(netns.Set(home))
	return made
}

func remove(name string, ns netns.NsHandle) {
	check(ns.Close())
	check(netns.DeleteNamed(name))
}

func withJail() {
	epair()
	jail = create("jail")
	handle, err := netlink.NewHandleAt(jail)
	check(err)
	in = handle
}

func readOne() {
	_, err := netlink.AddrList(link("epair0a"), netlink.FAMILY_ALL)
	check(err)
}

func list() {
	_, err := netlink.LinkList()
	check(err)
	_, err = netlink.AddrList(nil, netlink.FAMILY_ALL)
	check(err)
}

func giveTakeBack() {
	check(netlink.LinkSetNsFd(link("epair0b"), int(jail)))
	there, err := in.LinkByName("epair0b")
	check(err)
	check(in.LinkSetNsFd(there, int(home)))
}

func addRemove() {
	one := link("epair0a")
	check(netlink.AddrAdd(one, address("192.0.2.2/24")))
	check(netlink.AddrDel(one, address("192.0.2.2/24")))
}

func member() {
	one := link("epair0a")
	check(netlink.LinkSetMaster(one, link("bridge0")))
	check(netlink.LinkSetNoMaster(one))
}

// A child inherits the stack of the thread that starts it.
func startProcess() {
	check(netns.Set(jail))
	err := exec.Command("true").Run()
	check(netns.Set(home))
	check(err)
}

func hub() {
	bridge()
	check(netlink.AddrAdd(link("bridge0"), address("10.0.0.1/16")))
	check(netlink.LinkSetUp(link("bridge0")))
	spokes = make([]netns.NsHandle, size)
}

var spokes []netns.NsHandle

func spoke(i int) string {
	return fmt.Sprintf("10.0.%d.%d", (i+2)/256, (i+2)%256)
}

func build() {
	center := link("bridge0")
	var ends []netlink.Link
	for i := range spokes {
		spokes[i] = create(spoke(i))
		cable := veth(fmt.Sprintf("epair%da", i), fmt.Sprintf("epair%db", i))
		cable.PeerNamespace = netlink.NsFd(spokes[i])
		check(netlink.LinkAdd(cable))
		there, err := netlink.NewHandleAt(spokes[i])
		check(err)
		b, err := there.LinkByName(cable.PeerName)
		check(err)
		check(there.AddrAdd(b, address(spoke(i)+"/16")))
		check(there.LinkSetUp(b))
		there.Delete()
		a := link(cable.Name)
		check(netlink.LinkSetMaster(a, center))
		ends = append(ends, a)
	}
	for _, a := range ends {
		check(netlink.LinkSetUp(a))
	}
}

func tearDown() {
	for i := range spokes {
		check(netlink.LinkDel(link(fmt.Sprintf("epair%da", i))))
		remove(spoke(i), spokes[i])
	}
}

var operations = []operation{
	{name: "readOneInterface", setup: withAddress, each: readOne},
	{name: "listInterfaces", setup: func() {
		for i := 0; i < size/2; i++ {
			check(netlink.LinkAdd(veth(fmt.Sprintf("epair%da", i), fmt.Sprintf("epair%db", i))))
		}
	}, each: list},
	{name: "createDestroyEpair", each: func() {
		epair()
		check(netlink.LinkDel(link("epair0a")))
	}},
	{name: "createRemoveJail", each: func() { remove("jail", create("jail")) }},
	{name: "giveTakeBack", setup: withJail, each: giveTakeBack},
	{name: "addRemoveAddress", setup: withAddress, each: addRemove},
	{name: "bridgeAddDeleteMember", setup: func() { epair(); bridge() }, each: member},
	{name: "startProcess", setup: withJail, each: startProcess},
	{name: "starBuild", setup: hub, each: build, undo: tearDown},
	{name: "starTearDown", setup: hub, prepare: build, each: tearDown},
}

func find(name string) operation {
	for _, one := range operations {
		if one.name == name {
			return one
		}
	}
	log.Fatal("no operation " + name)
	return operation{}
}

func serve(op operation) {
	fmt.Println("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		what := map[string]func(){"prepare": op.prepare, "undo": op.undo}[words[0]]
		if words[0] != "run" {
			if what != nil {
				what()
			}
			fmt.Println("done")
			continue
		}
		times, err := strconv.Atoi(words[1])
		check(err)
		start := time.Now()
		for ; times > 0; times-- {
			op.each()
		}
		fmt.Println(time.Since(start).Nanoseconds())
	}
}

func main() {
	if len(os.Args) == 1 {
		for _, one := range operations {
			fmt.Println(one.name)
		}
		return
	}
	runtime.LockOSThread()
	var err error
	home, err = netns.Get()
	check(err)
	size, err = strconv.Atoi(os.Args[2])
	check(err)
	op := find(os.Args[1])
	if op.setup != nil {
		op.setup()
	}
	serve(op)
}
