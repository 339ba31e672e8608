#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Vnet for Java authors
# SPDX-License-Identifier: Apache-2.0
#
# Boots a FreeBSD disk image under qemu, runs the self-test and the tour in it, and brings the
# report out. The image is opened with snapshot=on: it is never changed.
#
# What goes in: a second, read-only raw disk that is a plain tar archive of the self-test jar and
# the C sources. What comes out: what the guest prints on its serial console, between two marks.
# The guest needs a serial console with a root login without password (the BASIC-CI images have
# one), a JVM, and cc(1), with which it builds its own helper. One virtual CPU: two crash a JVM
# in an emulated guest.
#
# ci/freebsd-qemu-test.sh tests the argument checks, the making of the disk, what the guest runs (on
# Linux), and the talk with the console, against a stand-in that prints what a FreeBSD console
# prints. What it runs in the guest was run by hand in FreeBSD 15.1.
set -euo pipefail
export LC_ALL=C

usage() {
  cat <<'EOF'
usage: freebsd-qemu.sh [-hn] [-A accelerator] [-c helper] [-j jar] [-k packages] [-m MiB]
                       [-o report] [-p password] [-t minutes] [-w seconds] [-x program] image

  image        an amd64 FreeBSD disk image: raw or qcow2; it is not changed
  -A name      tcg (emulation), kvm, or auto (auto): kvm if a kernel boots under it, else tcg
  -c helper    vnet-helper as compiled for the guest, which then needs no cc
  -j jar       the self-test (vnet-selftest/target/vnet-selftest.jar)
  -k packages  a directory of FreeBSD packages (*.pkg) to add in the guest, such as a JVM's
  -m MiB       memory of the guest (2048)
  -n           dry run: make the disk, print the qemu command, do not boot
  -o report    where the report goes (freebsd-report.txt); the console's log goes beside it
  -p password  of root in the guest (none)
  -t minutes   the most it may take (60)
  -w seconds   how long auto waits for the first line of the kernel under kvm (30)
  -x program   the emulator (qemu-system-x86_64)

Exit status: that of the self-test, 0 or 1; 2 for usage; 3 if no report came out.
EOF
}

fail() {
  echo "freebsd-qemu.sh: $1" >&2
  exit 2
}

here=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=ci/qemu.sh
. "$here/ci/qemu.sh"
jar=$here/vnet-selftest/target/vnet-selftest.jar
helper='' packages='' memory=2048 dry='' report=freebsd-report.txt password='' minutes=60
emulator='qemu-system-x86_64' accelerator=auto patience=30
while getopts A:c:hj:k:m:no:p:t:w:x: option; do
  case $option in
    A) accelerator=$OPTARG ;;
    c) helper=$OPTARG ;;
    h) usage; exit 0 ;;
    j) jar=$OPTARG ;;
    k) packages=$OPTARG ;;
    m) memory=$OPTARG ;;
    n) dry=yes ;;
    o) report=$OPTARG ;;
    p) password=$OPTARG ;;
    t) minutes=$OPTARG ;;
    w) patience=$OPTARG ;;
    x) emulator=$OPTARG ;;
    *) usage >&2; exit 2 ;;
  esac
done
shift $((OPTIND - 1))
[ $# -eq 1 ] || { usage >&2; exit 2; }
image=$1

check_guest
choose_accelerators
command -v "$emulator" >/dev/null ||
  fail "$emulator is not installed (Debian and Ubuntu: apt-get install qemu-system-x86)"
if [ ! -f "$image" ] || [ ! -r "$image" ]; then
  fail "no such image: $image"
fi
[[ $image != *,* ]] || fail "$image: qemu wants no comma in a file name"
check_files
[ -z "$packages" ] || [ -d "$packages" ] || fail "no such directory: $packages"

case $(head -c 4 "$image" | od -An -tx1 | tr -d ' ') in
  514649fb) format=qcow2 ;;
  fd377a58) fail "$image is compressed: xz -dk $image first" ;;
  1f8b*) fail "$image is compressed: gunzip -k $image first" ;;
  28b52ffd) fail "$image is compressed: unzstd $image first" ;;
  *) format=raw ;;
esac

work=$(mktemp -d)
# shellcheck disable=SC2317 # called by the trap
cleanup() {
  stop_qemu
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 3' INT TERM
trap '' PIPE

# ---- the second disk

mkdir "$work/vnet4j"
cp "$jar" "$work/vnet4j/vnet-selftest.jar"
cp -R "$here/src-c" "$work/vnet4j/src-c"
[ -z "$helper" ] || install -m 755 "$helper" "$work/vnet4j/vnet-helper"
if [ -n "$packages" ]; then
  mkdir "$work/vnet4j/packages"
  cp "$packages"/*.pkg "$work/vnet4j/packages/" || fail "no *.pkg in $packages"
fi
cat >"$work/vnet4j/guest.sh" <<'EOF'
#!/bin/sh
# Runs in the guest. Marks are put together here, so that an echo of this text is none.
mark=VNET4J
cd /tmp/vnet4j || exit
echo "$mark-BEGIN"
status=1
if [ -d packages ]; then
  for package in packages/pkg-[0-9]*.pkg packages/*.pkg; do
    [ -f "$package" ] && env ASSUME_ALWAYS_YES=yes pkg add -M "$package" >/dev/null
  done
fi
java=$(command -v java || ls -d /usr/local/openjdk*/bin/java 2>/dev/null | tail -n 1)
if [ -z "$java" ]; then
  echo "FAIL: no JVM in the guest: install openjdk17 in the image, or give its packages with -k"
elif [ ! -f vnet-helper ] && ! cc -std=c11 -O2 -o vnet-helper -I src-c/helper \
    src-c/helper/*.c src-c/helper/linux/*.c src-c/helper/freebsd/*.c; then
  echo "FAIL: the guest could not compile the helper"
else
  # What the kernel says to the console would come between the lines of the report.
  sysctl kern.consmute=1 >/dev/null
  # Without it ipfw would refuse everything the moment it is loaded.
  kenv -q net.inet.ip.fw.default_to_accept=1 >/dev/null
  kldload -n if_epair if_bridge if_vxlan if_gif if_gre ipfw dummynet pf ipl
  # FreeBSD 15 keeps ipfilter from jails unless told otherwise.
  sysctl -i net.inet.ipf.jail_allowed=1 >/dev/null
  "$java" -Dorg.vnet4j.helper=/tmp/vnet4j/vnet-helper -jar vnet-selftest.jar
  status=$?
  echo
  echo "The tour"
  "$java" -Dorg.vnet4j.helper=/tmp/vnet4j/vnet-helper -cp vnet-selftest.jar org.vnet4j.tour.Tour ||
    status=1
fi
echo "$mark-END $status"
shutdown -p now
EOF
(cd "$work" && tar --format=ustar -cf disk.raw vnet4j)

command=(
  "$emulator" -machine pc -accel "${accelerators[0]}" -smp 1 -m "$memory"
  -display none -no-reboot -nic none -monitor none -serial stdio
  -drive "file=$image,format=$format,if=virtio,snapshot=on"
  -drive "file=$work/disk.raw,format=raw,if=virtio,readonly=on"
)
if [ -n "$dry" ]; then
  printf '%q ' "${command[@]}"
  echo
  tar -tf "$work/disk.raw"
  exit 0
fi

# ---- the talk with the console

log=${report%.txt}-console.log
: >"$log"
deadline=$((SECONDS + minutes * 60))
mkfifo "$work/in" "$work/out"

boot() {
  exec 3>&- 4<&-
  echo "Booting $image with $1; the console's log is $log" >&2
  command[4]=$1
  "${command[@]}" <"$work/in" >"$work/out" 2>&1 &
  qemu=$!
  exec 3>"$work/in" 4<"$work/out"
}

seen=''
# Waits for a text on the console. Fails when time is up or the guest has gone.
await() {
  await_until "$deadline" "$@"
}

await_until() {
  local char status until=$1
  shift
  while ((SECONDS < until)); do
    status=0
    IFS= read -r -d '' -t 1 -N 1 -u 4 char || status=$?
    if ((status > 128)); then
      continue # nothing said for a while
    elif ((status != 0)); then
      return 1
    fi
    printf '%s' "$char" >>"$log"
    seen+=$char
    if ((${#seen} > 600)); then
      seen=${seen: -300}
    fi
    for text; do
      if [[ $seen == *"$text" ]]; then
        found=$text
        seen=''
        return 0
      fi
    done
  done
  return 1
}

say() {
  printf '%s\r' "$1" >&3 || give_up "the guest has gone"
}

give_up() {
  echo "freebsd-qemu.sh: $1; the console's last lines ($log):" >&2
  tail -n 15 "$log" >&2
  exit 3
}

# shellcheck disable=SC2317 # boot_with_accelerator calls it
kernel_comes_up() {
  await_until $((SECONDS + $1)) '---<<BOOT>>---' 'Copyright (c) 1992-'
}

boot_with_accelerator
await 'login: ' || give_up "no login prompt came"
say root
await 'Password:' '# ' || give_up "root could not log in"
if [ "$found" = 'Password:' ]; then
  say "$password"
  await '# ' || give_up "root could not log in: give the password with -p"
fi
# By sh, since the shell of root is csh before FreeBSD 14.
# shellcheck disable=SC2016 # the guest expands it
say '/bin/sh -c "tar -xf /dev/vtbd1 -C /tmp && exec sh /tmp/vnet4j/guest.sh"; echo VNET4J""-NONE'
await 'VNET4J-BEGIN' 'VNET4J-NONE' || give_up "the guest does not answer"
[ "$found" = VNET4J-BEGIN ] || give_up "the guest could not read the second disk, /dev/vtbd1"
await 'VNET4J-END ' || give_up "the self-test did not end in $minutes minutes"
await $'\n' || give_up "no status came"

tr -d '\r' <"$log" | sed -n '/^VNET4J-BEGIN/,/^VNET4J-END /p' >"$work/report"
status=$(sed -n 's/^VNET4J-END \([0-9]*\).*/\1/p' "$work/report")
sed -e '1d' -e '$d' "$work/report" >"$report"
cat "$report"
exit "${status:-3}"
