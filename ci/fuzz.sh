#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Vnet for Java authors
# SPDX-License-Identifier: Apache-2.0
#
# Fuzzes each decoder for a while, one after the other, and prints how many inputs were tried:
#
#	ci/fuzz.sh [SECONDS [NAME]]	SECONDS for each (60), only those whose test's name has NAME
#
# An input that fails is written beside the seeds (src/test/resources), where ./mvnw verify tries it
# from then on. What was learnt stays in .cifuzz-corpus.

set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
wanted=${2:-}

failed=0
while IFS=: read -r file method; do
  class=$(basename "$file" .java)
  [[ "$class#$method" == *"$wanted"* ]] || continue
  log=target/fuzz-$class-$method.log
  mkdir -p target
  if ! JAZZER_FUZZ=1 nice -n 10 ./mvnw -q -B -ntp verify -pl vnet-api,vnet-lab,vnet-native \
    -Dtest="$class#$method" -Dsurefire.failIfNoSpecifiedTests=false -Dmaven.javadoc.skip=true \
    -Dvnet.fuzz.quiet=false -Dvnet.fuzz.seconds="$seconds" >"$log" 2>&1; then
    failed=1
    echo "FAILED $class $method: see $log"
    continue
  fi
  echo "$class $method: $(grep -ao 'Done [0-9]* runs in [0-9]* second(s)' "$log" || echo "see $log")"
done < <(grep -A1 -r --include='*FuzzTest.java' '@FuzzTest' vnet-*/src/test/java |
  sed -n 's/^\(.*FuzzTest\.java\)-  void \([a-z_0-9]*\)(.*/\1:\2/p')
exit $failed
