#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Vnet for Java authors
# SPDX-License-Identifier: Apache-2.0
#
# Tests freebsd-qemu.sh without a FreeBSD: its arguments, its disk, and its talk with a console,
# for which a stand-in takes the place of qemu.
set -euo pipefail

ci=$(cd "$(dirname "$0")" && pwd)
runner=$ci/freebsd-qemu.sh
# shellcheck source=ci/check.sh
. "$ci/check.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo jar >selftest.jar
head -c 4096 /dev/zero >disk.img
printf 'QFI\373' | dd of=disk.qcow2 bs=4096 conv=sync status=none
printf '\3757zXZ' >disk.xz

# Says what a FreeBSD console says; what is typed is echoed, as a terminal does.
cat >stand-in <<'EOF'
#!/usr/bin/env bash
hear() {
  IFS= read -r -d $'\r' line
  printf '%s\r\n' "$line"
}
case $TALK in
  gone) echo "qemu: cannot boot"; exit 1 ;;
  firmware)
    if [[ " $* " == *" -accel kvm "* ]]; then
      printf 'SeaBIOS (version 1.16.2)\r\nBooting from Hard Disk...\r\n'
      sleep 600 & trap 'kill $!; exit' TERM; wait
    fi
    ;;
  mute) sleep 600 & trap 'kill $!; exit' TERM; wait ;;
esac
printf -- '---<<BOOT>>---\r\nCopyright (c) 1992-2026 The FreeBSD Project.\r\n'
printf 'FreeBSD/amd64 (Amnesiac) (ttyu0)\r\n\r\nlogin: '
hear
[ "$line" = root ] || exit 1
if [ "$TALK" = secret ]; then
  printf 'Password:'
  IFS= read -r -d $'\r' line
  [ "$line" = sesame ] || { printf 'Login incorrect\r\nlogin: '; exit 1; }
fi
printf 'Welcome to FreeBSD!\r\nroot@:~ # '
hear
if [ "$TALK" = diskless ]; then
  printf 'tar: Error opening archive\r\nVNET4J-NONE\r\nroot@:~ # '
  exit
fi
printf 'VNET4J-BEGIN\r\nVnet for Java: the self-test\r\nPASSED: all of 3 tests.\r\nVNET4J-END %d\r\n' "$STATUS"
EOF
chmod +x stand-in

# shellcheck disable=SC2317 # check calls it
talk() {
  local kind=$1 status=$2
  shift 2
  TALK=$kind STATUS=$status "$runner" -x ./stand-in -j selftest.jar "$@" disk.img
}

check "help"                     0 "usage: freebsd-qemu.sh" "$runner" -h
check "no image named"           2 "usage: freebsd-qemu.sh" "$runner"
check "no emulator"              2 "no-such-qemu is not installed" "$runner" -x no-such-qemu disk.img
check "no such image"            2 "no such image: nowhere.img" "$runner" -x ./stand-in nowhere.img
check "a compressed image"       2 "xz -dk disk.xz" "$runner" -x ./stand-in -j selftest.jar disk.xz
check "no self-test"             2 "no self-test: nothing.jar" "$runner" -x ./stand-in -j nothing.jar disk.img
check "a memory that is none"    2 "-m much" "$runner" -m much disk.img
check "a time that is none"      2 "-t 0" "$runner" -t 0 disk.img
check "no packages"              2 "no such directory: nowhere" "$runner" -x ./stand-in -j selftest.jar -k nowhere disk.img
check "the image is a snapshot"  0 "file=disk.img\\,format=raw\\,if=virtio\\,snapshot=on" "$runner" -n -x ./stand-in -j selftest.jar disk.img
check "a qcow2 image"            0 "format=qcow2" "$runner" -n -x ./stand-in -j selftest.jar disk.qcow2
check "the disk has sources"     0 "vnet4j/src-c/helper/vnet-helper.c" "$runner" -n -x ./stand-in -j selftest.jar disk.img
check "a self-test that passed"  0 "PASSED: all of 3 tests." talk plain 0
check "the report is a file"     0 "PASSED: all of 3 tests." cat freebsd-report.txt
check "a self-test that failed"  1 "PASSED" talk plain 1 -o other.txt
check "a password"               0 "PASSED" talk secret 0 -p sesame
check "a wrong password"         3 "root could not log in" talk secret 0 -p open
check "a disk nobody can read"   3 "could not read the second disk" talk diskless 0
check "an accelerator that is none" 2 "-A xen" "$runner" -A xen disk.img
check "a patience that is none"  2 "-w 0" "$runner" -w 0 disk.img
check "emulation is wanted"      0 "-accel tcg" "$runner" -n -A tcg -x ./stand-in -j selftest.jar disk.img
check "no kvm, so emulation"     0 "-accel tcg" env VNET_KVM=./no-kvm "$runner" -n -x ./stand-in -j selftest.jar disk.img
touch kvm
export VNET_KVM=./kvm
check "kvm is tried first"       0 "-accel kvm" "$runner" -n -x ./stand-in -j selftest.jar disk.img
check "a kvm that boots"         0 "PASSED: all of 3 tests." talk plain 0
check "a kvm that only has firmware" 0 "no kernel came up with kvm in 2 s" talk firmware 0 -w 2
check "then emulation did it"    0 "PASSED: all of 3 tests." cat freebsd-report.txt
check "a kvm that is insisted on" 0 "with kvm" talk plain 0 -A kvm
unset VNET_KVM
check "an emulator that ends"    3 "qemu: cannot boot" talk gone 0
if [ "${SLOW:-}" = yes ]; then
  check "a guest that is mute"   3 "no login prompt came" talk mute 0 -t 1
fi
exit "$failed"
