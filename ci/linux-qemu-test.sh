#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Vnet for Java authors
# SPDX-License-Identifier: Apache-2.0
#
# Tests linux-qemu.sh without a guest: its arguments, its choice of a kernel, what it gives to the
# guest, and what it makes of the report and of the console. Stand-ins take the places of qemu, apt
# and the other programs.
set -euo pipefail

ci=$(cd "$(dirname "$0")" && pwd)
runner=$ci/linux-qemu.sh
# shellcheck source=ci/check.sh
. "$ci/check.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo jar >selftest.jar
echo helper >vnet-helper
mkdir bin

# program NAME: a program that is found before the machine's own; its text comes from stdin.
program() {
  { echo '#!/usr/bin/env bash'; cat; } >"bin/$1"
  chmod +x "bin/$1"
}
program id <<<'echo "${VNET_USER:-0}"'
program dpkg <<<'echo amd64'
program java <<<'exit 1'
program cpio <<<'cat >/dev/null; find . | sort'
program modprobe <<<'echo "insmod $2/lib/modules/$4/virtiofs.ko.xz "; echo builtin overlay'
program depmod <<<'touch "$2/lib/modules/$3/modules.dep"'
program xz <<<'cat "$2"'
program virtiofsd <<'EOF'
exec python3 -c 'import socket, sys, time
socket.socket(socket.AF_UNIX).bind(sys.argv[1].split("=")[1])
time.sleep(600)' "$@"
EOF
program apt-cache <<'EOF'
[ "$OFFERS" = nothing ] && exit
case "$*" in
  *pkgnames*)
    echo linux-image-6.1.0-9-cloud-amd64
    echo linux-image-6.1.0-10-cloud-amd64
    echo linux-image-6.1.0-11-cloud-amd64-unsigned
    echo linux-image-6.1.0-12-cloud-amd64-dbg
    echo linux-image-6.12-cloud-amd64
    echo linux-image-6.1.0-13-amd64
    echo linux-image-cloud-amd64
    echo linux-image-6.1.0-8-cloud-amd64
    ;;
  *show*) echo "Version: 1.2" ;;
esac
EOF
program apt-get <<'EOF'
echo "fetched ${*: -1}" >&2
touch "${*: -1}.deb"
EOF
program dpkg-deb <<'EOF'
name=$(basename "$2" .deb)
case $name in
  busybox-static) mkdir "$3/bin"; touch "$3/bin/busybox" ;;
  *)
    release=${name#linux-image-}
    mkdir -p "$3/boot" "$3/lib/modules/$release"
    touch "$3/boot/vmlinuz-$release" "$3/lib/modules/$release/virtiofs.ko.xz"
    ;;
esac
EOF
# Writes what a guest writes: to the console and to the report.
program stand-in <<'EOF'
for word; do
  case $word in
    file:*) console=${word#file:} ;;
    file,id=report,path=*) report=${word#file,id=report,path=} ;;
  esac
done
case $TALK in
  gone) echo "qemu: cannot boot"; exit 1 ;;
  firmware) [[ " $* " != *" -accel kvm "* ]] || exec sleep 600 ;;
  mute) echo 'Linux version 6.1' >"$console"; exec sleep 600 ;;
esac
printf 'Linux version 6.1\r\n' >"$console"
echo "[    1.0] EXT4-fs (vda): WARN" >>"$console"
[ "$TALK" != warns ] || echo "[    9.1] WARNING: CPU: 1 PID: 7 at net/core/dev.c:1" >>"$console"
[ "$TALK" != panic ] || { echo "Kernel panic - not syncing" >>"$console"; exit; }
{
  echo "Vnet for Java: the self-test"
  if [ "$TALK" = skips ]; then
    printf '\nSkipped\n  Linux has no LOOPBACK\n      interface-kinds: a further\n'
    printf '  Linux has no GIF_ETHERNET\n      tunnel: a gif\n'
  elif [ "$TALK" = skips-more ]; then
    printf '\nSkipped\n  Linux has no LOOPBACK\n      interface-kinds: a further\n'
    printf '  Linux has no SHAPE_LOSS\n      shape: half\n'
  fi
  printf '\nPASSED: all of 3 tests.\n'
  echo "VNET4J-END $STATUS"
} >"$report"
EOF
export PATH=$work/bin:$PATH OFFERS=kernels JAVA_HOME=

# shellcheck disable=SC2317 # check calls it
run() {
  "$runner" -d work -x stand-in -j selftest.jar "$@"
}
# shellcheck disable=SC2317 # check calls it
talk() {
  local kind=$1 status=$2
  shift 2
  TALK=$kind STATUS=$status run -A tcg "$@"
}
# shellcheck disable=SC2317 # check calls it
again() {
  run -n -c vnet-helper 2>&1 | grep fetched || echo "nothing fetched"
}
share=work/amd64-kernel-6.1.0-10-cloud-amd64

check "help"                         0 "usage: linux-qemu.sh" "$runner" -h
check "an option that is none"       2 "usage: linux-qemu.sh" "$runner" -y
check "a processor that is none"     2 "-a sparc64" run -a sparc64
check "an accelerator that is none"  2 "-A xen" run -A xen
check "a memory that is none"        2 "-m much" run -m much
check "a time that is none"          2 "-t 0" run -t 0
check "a kernel that is none"        2 "-k 6.1;" run -k '6.1;'
check "a topic that is none"         2 "no such topic: a;b" run 'a;b'
check "no emulator"                  2 "no-such-qemu is not installed" run -x no-such-qemu
check "no self-test"                 2 "no self-test: nothing.jar" run -j nothing.jar
check "no such helper"               2 "no such helper: nothing" run -c nothing
check "no helper for another"        2 "arm64 guest needs a helper" run -a arm64
check "an ordinary user"             2 "as root only" env VNET_USER=1000 "$runner" -x stand-in -j selftest.jar -d work
check "apt offers no kernel"         2 "apt offers no linux-image" env OFFERS=nothing "$runner" -x stand-in -j selftest.jar -d work
check "the newest kernel"            0 "vmlinuz-6.1.0-10-cloud-amd64" run -n
check "it is fetched once"           0 "nothing fetched" again
check "the helper is given"          0 "helper" cat $share/vnet-helper
check "a kernel by its version"      0 "vmlinuz-6.1.0-8-cloud-amd64" run -n -k 6.1.0-8
check "the kernel's files are shared" 0 "tag=work" run -n ping socket
check "the topics are given"         0 "vnet-selftest.jar ping socket" cat $share/guest.sh
check "no helper of another run"     2 "No such file" ls $share/vnet-helper
check "emulation is wanted"          0 "-accel tcg -cpu max" run -n -A tcg
check "no kvm, so emulation"         0 "-accel tcg" env VNET_KVM=./no-kvm "$runner" -n -d work -x stand-in -j selftest.jar
check "a self-test that passed"      0 "PASSED: all of 3 tests." talk plain 0
check "the report is a file"         0 "PASSED: all of 3 tests." cat work/linux-report.txt
check "so is the console"            0 "Linux version 6.1" cat work/linux-report-console.log
check "a self-test that failed"      1 "PASSED" talk plain 1 -o other.txt
check "its report is a file"         0 "PASSED: all of 3 tests." cat other.txt
check "skips what no Linux has"      0 "PASSED" talk skips 0
check "skips more than that"         1 "Linux has no SHAPE_LOSS" talk skips-more 0
check "a kernel that warns"          1 "net/core/dev.c:1" talk warns 0
check "a kernel that panics"         3 "Kernel panic - not syncing" talk panic 0
check "an emulator that ends"        3 "without a report" talk gone 0
touch kvm
export VNET_KVM=./kvm
check "kvm is tried first"           0 "-accel kvm" run -n
check "a kvm that only has firmware" 0 "no kernel came up with kvm in 2 s" env TALK=firmware STATUS=0 "$runner" -d work -x stand-in -j selftest.jar -w 2
check "then emulation did it"        0 "PASSED: all of 3 tests." cat work/linux-report.txt
check "a kvm that boots"             0 "with kvm" env TALK=plain STATUS=0 "$runner" -d work -x stand-in -j selftest.jar
unset VNET_KVM
if [ "${SLOW:-}" = yes ]; then
  check "a guest that is mute"       3 "did not end in 1 minutes" talk mute 0 -t 1
fi
exit "$failed"
