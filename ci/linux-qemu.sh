#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Vnet for Java authors
# SPDX-License-Identifier: Apache-2.0
#
# Boots Debian's kernel for clouds under qemu and runs the self-test in it. That kernel has what
# many others lack: netem, 802.1Q, gre, sit, nf_tables ...
#
# It installs nothing: it fetches the kernel and a static busybox with apt-get and unpacks them in a
# work directory. The guest's root is this machine's own, by virtiofs: mounted read-only, under an
# overlay in the guest's memory. For another processor, a root is made of Debian's packages. The
# script needs Debian, and root for virtiofsd.
set -euo pipefail
export LC_ALL=C

usage() {
  cat <<'EOT'
usage: linux-qemu.sh [-hn] [-a processor] [-A accelerator] [-c helper] [-d directory] [-j jar]
                     [-k kernel] [-m MiB] [-o report] [-t minutes] [-w seconds] [-x program]
                     [topic...]

  topic         what the self-test runs (everything)
  -a processor  amd64 or arm64, the machine's own if not named
  -A name       tcg (emulation), kvm, or auto (auto): kvm if a kernel boots under it, else tcg
  -c helper     vnet-helper as compiled for the processor; another processor needs one
  -d directory  where packages are unpacked and kept (target/linux-qemu)
  -j jar        the self-test (vnet-selftest/target/vnet-selftest.jar)
  -k kernel     such as 6.1.0-56 (the newest of Debian's kernels for clouds)
  -m MiB        memory of the guest (2048)
  -n            dry run: unpack everything, print the qemu command, do not boot
  -o report     the file of the report (linux-report.txt in the directory of -d); the log of the
                console is written beside it
  -t minutes    the most it may take (15)
  -w seconds    how long auto waits for the first line of the kernel under kvm (10)
  -x program    the emulator (qemu-system-x86_64 or qemu-system-aarch64)

Exit status: 0 if everything passed, but for the tests of LOOPBACK and GIF_ETHERNET, which no
Linux has; 1 if a test failed, another was skipped, or the kernel warned of a fault of its own;
2 for usage; 3 if no report came out.
EOT
}

fail() {
  echo "linux-qemu.sh: $1" >&2
  exit 2
}

here=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=ci/qemu.sh
. "$here/ci/qemu.sh"

machine=$(dpkg --print-architecture 2>/dev/null) || fail "this needs Debian, for its packages"
processor=$machine work=$here/target/linux-qemu jar=$here/vnet-selftest/target/vnet-selftest.jar
helper='' wanted='' memory=2048 dry='' report='' minutes=15 emulator='' accelerator=auto patience=10
while getopts a:A:c:d:hj:k:m:no:t:w:x: option; do
  case $option in
    a) processor=$OPTARG ;;
    A) accelerator=$OPTARG ;;
    c) helper=$OPTARG ;;
    d) work=$OPTARG ;;
    h) usage; exit 0 ;;
    j) jar=$OPTARG ;;
    k) wanted=$OPTARG ;;
    m) memory=$OPTARG ;;
    n) dry=yes ;;
    o) report=$OPTARG ;;
    t) minutes=$OPTARG ;;
    w) patience=$OPTARG ;;
    x) emulator=$OPTARG ;;
    *) usage >&2; exit 2 ;;
  esac
done
shift $((OPTIND - 1))

case $processor in
  amd64) default=qemu-system-x86_64 package=qemu-system-x86 type=q35 model=max console=ttyS0 ;;
  arm64) default=qemu-system-aarch64 package=qemu-system-arm type=virt model=cortex-a76 console=ttyAMA0 ;;
  *) fail "-a $processor: amd64 or arm64" ;;
esac
emulator=${emulator:-$default}
report=${report:-$work/linux-report.txt}
[[ $wanted =~ ^[0-9a-z.+]*(-[0-9]+)?$ ]] || fail "-k $wanted: such as 6.1.0-56"
for topic; do
  [[ $topic =~ ^[a-z0-9-]+$ ]] || fail "no such topic: $topic"
done
check_guest
choose_accelerators
command -v "$emulator" >/dev/null || fail "$emulator is not installed (apt-get install $package)"
virtiofsd=$(PATH=$PATH:/usr/lib/qemu:/usr/libexec command -v virtiofsd) ||
  fail "virtiofsd is not installed (apt-get install virtiofsd; before Debian 13 qemu-system-common)"
for program in cpio depmod flock modprobe xz; do
  PATH=$PATH:/usr/sbin:/sbin command -v "$program" >/dev/null ||
    fail "$program is not installed (apt-get install cpio kmod util-linux xz-utils)"
done
PATH=$PATH:/usr/sbin:/sbin
check_files
[ "$processor" = "$machine" ] || [ -n "$helper" ] ||
  fail "a $processor guest needs a helper of its own: -c"
[ "$(id -u)" = 0 ] || fail "virtiofsd shares this machine's files as root only"

mkdir -p "$work"
work=$(cd "$work" && pwd)
exec 9>"$work/lock"
flock -n 9 || fail "another run uses $work"
run=$(mktemp -d)
servers=()
stop_servers() {
  for server in "${servers[@]}"; do
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  done
  servers=()
  rm -f "$run"/*.sock
}

# shellcheck disable=SC2317 # called by the trap
cleanup() {
  stop_qemu
  stop_servers
  rm -rf "$run"
}
trap cleanup EXIT
trap 'exit 3' INT TERM

# ---- packages

# For another processor apt gets a state of its own, which knows that processor alone.
apt=()
if [ "$processor" != "$machine" ]; then
  state=$work/$processor-apt
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
  : >"$state/status"
  apt=(-o "APT::Architecture=$processor" -o "APT::Architectures=$processor"
    -o "Dir::State=$state" -o "Dir::State::lists=$state/lists" -o "Dir::State::status=$state/status"
    -o "Dir::Cache=$state/cache" -o "APT::Sandbox::User=root")
  [ -n "$(find "$state/lists" -name '*_Packages*' -mtime -1)" ] ||
    apt-get "${apt[@]}" -qq update || fail "apt-get update failed for $processor"
fi

# unpack PACKAGE DIRECTORY: fetches the newest version, unless that directory is of this version.
unpack() {
  local package=$1 directory=$2 version
  version=$(apt-cache "${apt[@]}" show --no-all-versions "$package" 2>/dev/null |
    sed -n 's/^Version: //p' | head -n 1)
  [ -n "$version" ] || fail "apt offers no $package for $processor (apt-get update)"
  if [ "$(cat "$directory/.version" 2>/dev/null)" != "$package $version" ]; then
    rm -rf "$directory" "$run/deb"
    mkdir -p "$directory" "$run/deb"
    (cd "$run/deb" && apt-get "${apt[@]}" -qq -o APT::Sandbox::User=root download "$package") &&
      dpkg-deb -x "$run"/deb/*.deb "$directory" || fail "cannot fetch $package"
    echo "$package $version" >"$directory/.version"
  fi
}

kernel=$(apt-cache "${apt[@]}" pkgnames linux-image- |
  grep -xE "linux-image-[0-9].*-cloud-$processor" | grep -vE '^linux-image-[0-9]+\.[0-9]+-cloud' |
  grep -F "linux-image-$wanted" | sort -V | tail -n 1) ||
  fail "apt offers no linux-image-${wanted:-*}-cloud-$processor (apt-get update; only Debian has them)"
share=$work/$processor-kernel-${kernel#linux-image-}
unpack "$kernel" "$share"
unpack busybox-static "$work/$processor-busybox"
release=${kernel#linux-image-}
image=$share/boot/vmlinuz-$release
[ -f "$image" ] || fail "$kernel has no kernel"
[ -f "$share/lib/modules/$release/modules.dep" ] || depmod -b "$share" "$release"

root=/ java=$(command -v "${JAVA_HOME:+$JAVA_HOME/bin/}java" || true)
if [ "$processor" != "$machine" ]; then
  root=$work/$processor-root
  java=/usr/lib/jvm/java-17-openjdk-$processor/bin/java
  if [ ! -f "$root/.complete" ]; then
    rm -rf "$root"
    mkdir -p "$root"
    # What a shell needs, and the programs that tests need; unpacked, not configured.
    apt-get "${apt[@]}" -qq -y --no-install-recommends --download-only install base-files \
      base-passwd bash coreutils dash findutils grep sed util-linux procps kmod openjdk-17-jre-headless \
      iproute2 tcpdump python3 udhcpc isc-dhcp-client dnsmasq-base >/dev/null ||
      fail "cannot fetch the packages of a root for $processor"
    for deb in "$state"/cache/archives/*.deb; do
      dpkg-deb -x "$deb" "$root"
    done
    cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd"
    cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
    echo 'tcpdump:x:100:100::/nonexistent:/usr/sbin/nologin' >>"$root/etc/passwd"
    echo 'tcpdump:x:100:' >>"$root/etc/group"
    echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
    touch "$root/.complete"
  fi
fi
[ -n "$java" ] || fail "no java"

# ---- what the guest runs: mounted on /vnet4j, with the kernel's modules

cp "$jar" "$share/vnet-selftest.jar"
rm -f "$share/vnet-helper"
[ -z "$helper" ] || install -m 755 "$helper" "$share/vnet-helper"
cat >"$share/guest.sh" <<EOF
#!/bin/sh
# This shell stays process 1, and reaps what loses its parent.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8
cd /tmp
[ ! -f /vnet4j/vnet-helper ] || set -- -Dorg.vnet4j.helper=/vnet4j/vnet-helper
for port in /sys/class/virtio-ports/*; do
  [ "\$(cat \$port/name)" != report ] || report=/dev/\${port##*/}
done
{
  '$java' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "\$@" -jar /vnet4j/vnet-selftest.jar $*
  echo "VNET4J-END \$?"
} </dev/null >\$report 2>&1
/run/busybox poweroff -f
EOF
mkdir -p "$run/initrd/bin" "$run/initrd/modules"
cp "$work/$processor-busybox/bin/busybox" "$run/initrd/bin/busybox"
# Those that are built in are listed as such.
modprobe -d "$share" -S "$release" --show-depends -a virtio_pci virtiofs overlay virtio_console |
  sed -n 's/^insmod \([^ ]*\).*/\1/p' | awk '!seen[$0]++' >"$run/modules"
while read -r module; do
  name=$(basename "${module%.xz}")
  case $module in
    *.xz) xz -dc "$module" >"$run/initrd/modules/$name" ;;
    *) cp "$module" "$run/initrd/modules/$name" ;;
  esac
  echo "$name" >>"$run/initrd/modules/order"
done <"$run/modules"
touch "$run/initrd/modules/order"
cat >"$run/initrd/init" <<EOF
#!/bin/busybox sh
export PATH=/bin
/bin/busybox --install /bin
mkdir -p /proc /sys /dev /lower /cow /new
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
cd /modules
for module in \$(cat order); do
  insmod \$module
done
mount -t virtiofs -o ro root /lower
mount -t tmpfs cow /cow
mkdir /cow/upper /cow/work
mount -t overlay -o lowerdir=/lower,upperdir=/cow/upper,workdir=/cow/work root /new
mkdir -p /new/vnet4j /new/lib/modules /new/proc /new/sys /new/dev /new/run /new/tmp /new/root
mount -t virtiofs -o ro work /new/vnet4j
ln -s /vnet4j/lib/modules/$release /new/lib/modules/$release
mount -t devtmpfs dev /new/dev
mkdir -p /new/dev/pts /new/dev/shm /new/dev/net
mknod -m 666 /new/dev/net/tun c 10 200
mount -t devpts -o ptmxmode=666 pts /new/dev/pts
mount -t tmpfs shm /new/dev/shm
mount -t proc proc /new/proc
mount -t sysfs sys /new/sys
mount -t cgroup2 cgroup /new/sys/fs/cgroup
mount -t tmpfs run /new/run
mount -t tmpfs tmp /new/tmp
chmod 1777 /new/tmp /new/dev/shm
hostname guest
ip link set lo up
cp /bin/busybox /new/run/busybox
# By process 1 itself: the kernel then finds modprobe(8) there too.
exec switch_root /new /bin/sh /vnet4j/guest.sh
EOF
chmod 755 "$run/initrd/init"
(cd "$run/initrd" && find . | cpio --quiet -o -H newc) >"$run/initrd.img"

# ---- the guest

log=${report%.txt}-console.log
command=(
  "$emulator" -machine "$type,memory-backend=ram" -accel "${accelerators[0]}" -cpu "$model" -smp 2
  -m "$memory" -object "memory-backend-memfd,id=ram,size=${memory}M,share=on"
  -display none -no-reboot -nic none -monitor none -serial "file:$log"
  -kernel "$image" -initrd "$run/initrd.img"
  -append "console=$console panic=-1 oops=panic nowatchdog rcupdate.rcu_cpu_stall_suppress=1"
  -chardev "socket,id=root,path=$run/root.sock" -device vhost-user-fs-pci,chardev=root,tag=root
  -chardev "socket,id=work,path=$run/work.sock" -device vhost-user-fs-pci,chardev=work,tag=work
  -device virtio-serial-pci -chardev "file,id=report,path=$run/report"
  -device virtserialport,chardev=report,name=report
)
if [ -n "$dry" ]; then
  printf '%q ' "${command[@]}"
  echo
  exit 0
fi

give_up() {
  echo "linux-qemu.sh: $1; the end of the report ($report):" >&2
  [ ! -f "$run/report" ] || cp "$run/report" "$report"
  [ ! -f "$report" ] || tail -n 15 "$report" >&2
  echo "and of the console ($log):" >&2
  tail -n 40 "$log" >&2
  exit 3
}

# serve NAME DIRECTORY: shares a directory with the guest, which mounts it read-only.
serve() {
  "$virtiofsd" --socket-path="$run/$1.sock" -o source="$2" -o sandbox=chroot -o cache=always \
    >"$run/$1.log" 2>&1 9>&- &
  servers+=($!)
  for _ in {1..100}; do
    [ ! -S "$run/$1.sock" ] || return 0
    sleep 0.1
  done
  cat "$run/$1.log" >&2
  give_up "virtiofsd does not serve $2"
}

boot() {
  : >"$log"
  rm -f "$report" "$run/report"
  stop_servers # each serves one guest
  serve root "$root"
  serve work "$share"
  echo "Booting $release ($processor) with $1; the console's log is $log" >&2
  command[4]=$1
  [ "$1" = kvm ] && command[6]=host || command[6]=$model
  "${command[@]}" >"$run/qemu.log" 2>&1 9>&- &
  qemu=$!
}

# shellcheck disable=SC2317 # boot_with_accelerator calls it
kernel_comes_up() {
  local until=$((SECONDS + $1))
  while ((SECONDS < until)); do
    ! grep -qF 'Linux version' "$log" || return 0
    kill -0 "$qemu" 2>/dev/null || return 1
    sleep 0.2
  done
  return 1
}

deadline=$((SECONDS + minutes * 60))
boot_with_accelerator
while kill -0 "$qemu" 2>/dev/null; do
  ((SECONDS < deadline)) || give_up "the self-test did not end in $minutes minutes"
  sleep 0.5
done
cat "$run/qemu.log" >&2
status=$(sed -n 's/^VNET4J-END \([0-9]*\)$/\1/p' "$run/report" 2>/dev/null | tail -n 1 || true)
[ -n "$status" ] || give_up "the guest ended without a report"
sed '$d' "$run/report" >"$report"
tail -n 60 "$report"

skipped=$(sed -n '/^Skipped$/,/^$/s/^  \([^ ]\)/\1/p' "$report" |
  grep -vE ' has no (LOOPBACK|GIF_ETHERNET)$' || true)
if [ -n "$skipped" ]; then
  printf 'linux-qemu.sh: skipped, though this kernel should have it:\n%s\n' "$skipped" >&2
  status=1
fi
faults=$(grep -E 'WARNING: |BUG: |Oops|Call Trace|unregister_netdevice: waiting' "$log" || true)
if [ -n "$faults" ]; then
  printf 'linux-qemu.sh: the kernel warned (%s):\n%s\n' "$log" "$faults" >&2
  status=1
fi
exit "$status"
