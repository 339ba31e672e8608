#!/bin/sh
# SPDX-FileCopyrightText: The Vnet for Java authors
# SPDX-License-Identifier: Apache-2.0
#
# Compiles the helper, for this machine or for others.
#
#	src-c/build-helper.sh DIRECTORY [PLATFORM...]
#
# writes DIRECTORY/PLATFORM/vnet-helper, and beside it vnet-helper.properties: what it was made
# with. A PLATFORM is linux-x86_64, linux-aarch64, freebsd-x86_64 or freebsd-aarch64. The helper of
# a Linux is a static PIE with musl and runs on each distribution; musl's notice is written beside
# it. Without a PLATFORM the helper is that of this machine; on a Linux that has no musl-gcc it is
# linked with this machine's libc and runs with that alone.
#
# Debian and Ubuntu:	apt-get install gcc libc6-dev musl-tools
# for aarch64 as well:	apt-get install gcc-aarch64-linux-gnu linux-libc-dev-arm64-cross
#
# The musl of another processor is taken from $MUSL_ROOT, an extracted package musl-dev, or fetched
# by apt-get, with lists of its own: the machine's are left alone.
set -eu
umask 022
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
warnings='-Wall -Wextra -Wstrict-prototypes -Werror'
hardened='-fPIE -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2'
linked='-Wl,-z,relro,-z,now,-z,noexecstack'
scratch=''
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP

fail() {
  echo "build-helper.sh: $*" >&2
  exit 1
}

# platform COMPILER: the platform it compiles for, by the names that the library uses.
platform() {
  machine=$("$1" -dumpmachine)
  case $machine in
    *linux*) system=linux ;;
    *freebsd*) system=freebsd ;;
    *) fail "$1 compiles for $machine: neither Linux nor FreeBSD" ;;
  esac
  case ${machine%%-*} in
    amd64) processor=x86_64 ;;
    arm64) processor=aarch64 ;;
    powerpc64le) processor=ppc64le ;;
    *) processor=${machine%%-*} ;;
  esac
  echo "$system-$processor"
}

# fetch_musl PROCESSOR: extracts the package musl-dev of another processor into $scratch/root.
fetch_musl() {
  case $1 in
    x86_64) architecture=amd64 ;;
    aarch64) architecture=arm64 ;;
    *) fail "no package of musl is known for $1: name an extracted one in MUSL_ROOT" ;;
  esac
  command -v apt-get >/dev/null || fail "no musl for $1: name an extracted package in MUSL_ROOT"
  mkdir -p "$scratch/lists/partial" "$scratch/cache/archives/partial" "$scratch/root"
  cat >"$scratch/apt.conf" <<CONF
APT::Architecture "$architecture";
APT::Architectures { "$architecture"; };
APT::Sandbox::User "";
Dir::State::Lists "$scratch/lists";
Dir::State::status "/dev/null";
Dir::Cache "$scratch/cache";
CONF
  (
    cd "$scratch"
    export APT_CONFIG="$scratch/apt.conf"
    apt-get -qq update && apt-get -qq download musl-dev
  ) >"$scratch/log" 2>&1 || {
    cat "$scratch/log" >&2
    fail "apt-get cannot fetch musl-dev for $architecture"
  }
  dpkg-deb -x "$scratch"/musl-dev_*.deb "$scratch/root"
}

# find_musl COMPILER PROCESSOR: sets specs (the file with the paths), root (what they are relative
# to) and kernel (options for the kernel's headers); fails quietly if this machine has no musl.
find_musl() {
  if [ "$1" = cc ]; then
    root=''
    command -v musl-gcc >/dev/null || return 1
    specs=$(sed -n 's/.*-specs[= ]*"\([^"]*\)".*/\1/p' "$(command -v musl-gcc)")
    kernel="-idirafter /usr/include -idirafter /usr/include/$(cc -print-multiarch)"
  else
    root=${MUSL_ROOT:-}
    specs=/usr/lib/$2-linux-musl/musl-gcc.specs
    if [ ! -f "$root$specs" ]; then
      fetch_musl "$2"
      root=$scratch/root
    fi
    kernel="-idirafter /usr/$2-linux-gnu/include"
  fi
  [ -f "$root$specs" ]
}

# link_static COMPILER PROCESSOR FILE: makes a static PIE with the musl that was found. The parts are
# named one by one: musl-gcc's own specs know no static PIE and silently make a dynamic program.
link_static() {
  lib=$root$(dirname "$specs")
  include=$root$(sed -n 's/.*-nostdinc -isystem \([^ ]*\).*/\1/p' "$root$specs" | head -n 1)
  notice=''
  for file in "$root"/usr/share/doc/musl-dev/copyright "$root"/usr/share/doc/musl/copyright \
    "$root"/usr/share/licenses/musl*/COPYRIGHT; do
    [ -n "$notice" ] || [ ! -f "$file" ] || notice=$file
  done
  [ -n "$notice" ] || fail "musl's notice (copyright) is not beside it: its licence asks for it"
  # gcc's atomic operations of libgcc want glibc's __getauxval.
  [ "$2" != aarch64 ] || kernel="$kernel -mno-outline-atomics"
  # shellcheck disable=SC2086 # lists of options
  "$1" -std=c11 -O2 -g0 $warnings $hardened -nostdinc -isystem "$include" \
    -isystem "$("$1" -print-file-name=include)" $kernel \
    -nostdlib -static-pie $linked -s -o "$3" -I. \
    "$lib/rcrt1.o" "$lib/crti.o" "$("$1" -print-file-name=crtbeginS.o)" \
    ./*.c linux/*.c freebsd/*.c \
    "$lib/libc.a" "$("$1" -print-libgcc-file-name)" "$lib/libc.a" \
    "$("$1" -print-file-name=crtendS.o)" "$lib/crtn.o"
  install -m 644 "$notice" "$(dirname "$3")/musl-copyright.txt"
  linkage='static PIE'
  libc="musl $(ar p "$lib/libc.a" version.lo | tr -c '0-9.' '\n' | grep -m 1 '^[0-9]*\.[0-9.]*$')"
}

# link_dynamic COMPILER FILE [OPTION...]
link_dynamic() {
  compiler=$1
  program=$2
  shift 2
  # shellcheck disable=SC2086 # lists of options
  "$compiler" -std=c11 -O2 -g0 $warnings $hardened "$@" -pie $linked -s -o "$program" -I. \
    ./*.c linux/*.c freebsd/*.c
  linkage=dynamic
  libc=$(getconf GNU_LIBC_VERSION 2>/dev/null || freebsd-version -u 2>/dev/null || echo unknown)
}

# The sources by which helpers are compared that were made on several machines.
fingerprint() {
  find . -type f | sort | xargs cat | { sha256sum 2>/dev/null || sha256 -q; } | cut -d ' ' -f 1
}

# build COMPILER PLATFORM asked|here
build() {
  mkdir -p "$output/$2"
  program=$output/$2/vnet-helper
  if [ "${2%%-*}" = freebsd ]; then
    link_dynamic "$1" "$program"
  elif find_musl "$1" "${2#linux-}"; then
    link_static "$1" "${2#linux-}" "$program"
  elif [ "$3" = here ]; then
    link_dynamic "$1" "$program" -pthread # a library of its own before glibc 2.34
  else
    fail "no musl-gcc: Debian and Ubuntu have it in musl-tools"
  fi
  cat >"$program.properties" <<PROPERTIES
platform=$2
linkage=$linkage
libc=$libc
compiler=$("$1" --version | head -n 1)
sources=$(fingerprint)
PROPERTIES
  echo "helper for $2: $linkage, $libc"
  if [ "$linkage $3" = "dynamic here" ] && [ "${2%%-*}" = linux ]; then
    echo "  it runs with this libc alone; with musl-gcc (musl-tools) it is static"
  fi
}

[ $# -ge 1 ] || fail "usage: build-helper.sh DIRECTORY [PLATFORM...]"
mkdir -p "$1"
output=$(cd "$1" && pwd)
shift
scratch=$(mktemp -d)
cd "$here/helper"
command -v cc >/dev/null || fail "no C compiler: 'cc' is not on the PATH. Debian and Ubuntu:" \
  "apt-get install gcc libc6-dev; FreeBSD has it in the base system."
mine=$(platform cc)
[ $# -gt 0 ] || build cc "$mine" here
for wanted in "$@"; do
  case $wanted in
    "$mine") build cc "$wanted" asked ;;
    linux-x86_64 | linux-aarch64)
      cross=${wanted#linux-}-linux-gnu-gcc
      command -v "$cross" >/dev/null || fail "no $cross: Debian and Ubuntu have it in" \
        "gcc-$(echo "${wanted#linux-}" | tr _ -)-linux-gnu"
      build "$cross" "$wanted" asked
      ;;
    *) fail "no helper for $wanted can be built on $mine" ;;
  esac
done
