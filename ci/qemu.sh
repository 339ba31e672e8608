# shellcheck shell=bash
# SPDX-FileCopyrightText: The Vnet for Java authors
# SPDX-License-Identifier: Apache-2.0
#
# What the scripts that run a guest under qemu share: the checks of what they are given, and the
# choice of the accelerator. They set memory, minutes, jar, helper, accelerator and patience, and
# define fail, boot (starts qemu with an accelerator, sets the variable
# qemu to its process id) and kernel_comes_up (waits that many seconds for the kernel's first line).

qemu=''

check_guest() {
  [[ $memory =~ ^[1-9][0-9]{2,5}$ ]] || fail "-m $memory: MiB, 100 or more"
  [[ $minutes =~ ^[1-9][0-9]{0,3}$ ]] || fail "-t $minutes: minutes, 1 to 9999"
}

check_files() {
  [ -f "$jar" ] || fail "no self-test: $jar (./mvnw -DskipTests package makes it)"
  [ -z "$helper" ] || [ -f "$helper" ] || fail "no such helper: $helper"
}

# Sets the accelerators to try, in turn. A kvm that opens may still not run a kernel: one that is
# itself emulated runs the firmware and then hangs.
choose_accelerators() {
  case $accelerator in
    auto) [ -w "${VNET_KVM:-/dev/kvm}" ] && accelerators=(kvm tcg) || accelerators=(tcg) ;;
    kvm | tcg) accelerators=("$accelerator") ;;
    *) fail "-A $accelerator: tcg, kvm or auto" ;;
  esac
  [[ $patience =~ ^[1-9][0-9]{0,3}$ ]] || fail "-w $patience: seconds, 1 to 9999"
}

# Boots with the first accelerator under which a kernel comes up. The output of the firmware and of
# a loader proves nothing: the kernel has to say something.
boot_with_accelerator() {
  local last=${accelerators[${#accelerators[@]} - 1]} name
  for name in "${accelerators[@]}"; do
    boot "$name"
    if [ "$name" = "$last" ] || kernel_comes_up "$patience"; then
      return
    fi
    echo "${0##*/}: no kernel came up with $name in $patience s" >&2
    stop_qemu
  done
}

stop_qemu() {
  if [ -n "$qemu" ]; then
    kill "$qemu" 2>/dev/null || true
    wait "$qemu" 2>/dev/null || true
    qemu=''
  fi
}
