# shellcheck shell=bash
# SPDX-FileCopyrightText: The Vnet for Java authors
# SPDX-License-Identifier: Apache-2.0
#
# What the tests of scripts share. They end with: exit "$failed"

failed=0
# check NAME STATUS TEXT COMMAND...: the command ends with a status and says a text.
check() {
  local name=$1 wanted=$2 text=$3 status=0
  shift 3
  "$@" >output 2>&1 || status=$?
  if [ "$status" -eq "$wanted" ] && grep -qF -- "$text" output; then
    echo "ok      $name"
  else
    echo "FAILED  $name: status $status, wanted $wanted and \"$text\":"
    cat output
    failed=1
  fi
}
