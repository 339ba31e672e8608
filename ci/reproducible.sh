#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Vnet for Java authors
# SPDX-License-Identifier: Apache-2.0
#
# Builds the sources once more, in another directory, under another umask, time zone and language,
# without tests, and compares each jar with the one that ./mvnw verify made here:
#
#	ci/reproducible.sh [OPTION...]	options for Maven, as the first build had them
#
# Exits with 0 if they are equal, byte for byte.

set -euo pipefail
cd "$(dirname "$0")/.."
here=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

git ls-files -z --cached --others --exclude-standard | tar --null -T - -cf - |
  (umask 077 && mkdir "$work/elsewhere" && tar -xf - --no-same-permissions -C "$work/elsewhere")
(
  cd "$work/elsewhere"
  umask 077
  export TZ=Pacific/Kiritimati LC_ALL=C.UTF-8
  export MAVEN_OPTS="${MAVEN_OPTS:-} -Duser.timezone=$TZ -Duser.language=tr -Duser.country=TR"
  ./mvnw -q -B -ntp -DskipTests -Dspotless.check.skip=true "$@" verify
)

compared=0
differ=0
for jar in vnet-*/target/*.jar; do
  [ -f "$work/elsewhere/$jar" ] || continue
  compared=$((compared + 1))
  cmp "$here/$jar" "$work/elsewhere/$jar" || differ=$((differ + 1))
done
echo "$compared jars built twice, $differ differ"
[ "$compared" -gt 0 ] && [ "$differ" = 0 ]
