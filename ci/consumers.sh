#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Vnet for Java authors
# SPDX-License-Identifier: Apache-2.0
#
# Tests that what we publish is complete: publishes into a directory, builds the projects in
# ci/consumers with what is there, and runs them, as the user who runs this, on the JDK that runs
# this and on 25. Maven gets the artifacts of others as always. Arguments are for Maven: -o.
#
# A JDK 25 is the one that runs this, $JAVA_HOME_25_X64, or one in /usr/lib/jvm. Without it its part
# is skipped; with VNET_REQUIRE_PROGRAMS=true that is an error.
set -euo pipefail
cd "$(dirname "$0")/.."

top=$PWD
work=$top/target/consumers
staging=$work/staging
maven=(./mvnw -q -B -ntp "$@")
java=$(command -v "${JAVA_HOME:+$JAVA_HOME/bin/}java")
# Many short runs of Maven: the second compiler of the JVM does not pay.
export MAVEN_OPTS="${MAVEN_OPTS:-} -XX:TieredStopAtLevel=1"
deny=(--illegal-native-access=deny --sun-misc-unsafe-memory-access=deny)

fail() {
  echo "FAIL: $*" >&2
  exit 1
}

step() {
  echo "== $*"
}

feature() {
  "$1" -XshowSettings:properties -version 2>&1 |
    sed -n 's/^ *java.specification.version = //p'
}

# prints FILE, and fails unless each of the words is in it
prints() {
  local file=$1 word
  shift
  for word; do
    grep -qF -- "$word" "$file" || {
      cat "$file"
      fail "no '$word' in the output above"
    }
  done
}

# runs words... -- COMMAND...; COMMAND must succeed and print each of the words
runs() {
  local words=()
  while [ "$1" != -- ]; do
    words+=("$1")
    shift
  done
  shift
  "$@" >"$work/out" 2>&1 || {
    cat "$work/out"
    fail "$*"
  }
  prints "$work/out" "${words[@]}"
}

# refused COMMAND...: must end with the error that names the option
refused() {
  ! "$@" >"$work/out" 2>&1 || fail "ran without native access: $*"
  prints "$work/out" 'org.vnet4j.VnetException: the native library (jffi) cannot be loaded' \
    'start the JVM with --enable-native-access='
}

step "publish into $staging"
rm -rf "$work"
mkdir -p "$work"
"${maven[@]}" -DskipTests -Dspotless.check.skip -Dmaven.javadoc.skip -Dmaven.install.skip \
  -DaltDeploymentRepository="staging::file:$staging" deploy
version=$(ls "$staging/org/vnet4j/vnet-api" | grep -v '^maven-metadata')

cp -R ci/consumers "$work/projects"
cat >"$work/settings.xml" <<END
<settings>
  <profiles>
    <profile>
      <id>staging</id>
      <repositories>
        <repository>
          <id>staging</id>
          <url>file:$staging</url>
          <snapshots><updatePolicy>always</updatePolicy></snapshots>
        </repository>
      </repositories>
    </profile>
  </profiles>
  <activeProfiles><activeProfile>staging</activeProfile></activeProfiles>
</settings>
END
# Ours is installed into a repository of its own; what others publish is taken from the user's.
consumer=("${maven[@]}" -gs "$work/settings.xml" -Dvnet.version="$version"
  -Dmaven.repo.local="$work/repository" -Dmaven.repo.local.tail="$HOME/.m2/repository"
  -Daether.offline.protocols=file)

step "build the programs"
mkdir -p "$work/projects/class-path/src/main/java"
awk '/^```java$/ { inside = 1; next } /^```$/ { if (inside) exit } inside' README.md \
  >"$work/projects/class-path/src/main/java/TwoStacks.java"
"${consumer[@]}" -f "$work/projects/pom.xml" process-classes
[ -d "$work/repository/org/vnet4j/vnet-native/$version" ] ||
  fail "Maven took org.vnet4j $version from ~/.m2/repository, not what was published: remove it there"

jdks=("$java")
java25=
if [ "$(feature "$java")" -ge 25 ]; then
  java25=$java
else
  for home in ${JAVA_HOME_25_X64:-} /usr/lib/jvm/*25*; do
    if [ -x "$home/bin/jshell" ]; then
      java25=$home/bin/java
      jdks+=("$java25")
      break
    fi
  done
fi
if [ -z "$java25" ]; then
  [ "${VNET_REQUIRE_PROGRAMS:-}" != true ] || fail "there is no JDK 25"
  echo "no JDK 25: what only that can show is skipped"
fi

# the machine's own jails for root, a sandbox for others
place=sandbox
[ "$(id -u)" != 0 ] || place=open
selftest=$(ls "$staging"/org/vnet4j/vnet-selftest/"$version"/*-all.jar)
cp=$work/projects/class-path/target
mp=$work/projects/module-path/target
kt=$work/projects/kotlin/target
answered=', 2 packets received'

for jvm in "${jdks[@]}"; do
  step "run on JDK $(feature "$jvm")"
  denied=()
  all=()
  jffi=()
  if [ "$(feature "$jvm")" -ge 24 ]; then
    denied=("${deny[@]}")
    all=("${deny[@]}" --enable-native-access=ALL-UNNAMED)
    jffi=("${deny[@]}" --enable-native-access=org.jnrproject.jffi)
    refused "$jvm" "${deny[@]}" -cp "$cp/classes:$cp/lib/*" TwoStacks
    refused "$jvm" "${deny[@]}" -p "$mp/classes:$mp/lib" -m example/example.Office
  fi
  runs "$answered" networkjail -- "$jvm" "${all[@]}" -cp "$cp/classes:$cp/lib/*" TwoStacks
  runs "$answered" ' meters' 'all reach all: true' -- \
    "$jvm" "${jffi[@]}" -p "$mp/classes:$mp/lib" -m example/example.Office "$place"
  runs "$answered" 'denied: true' -- "$jvm" "${all[@]}" -cp "$kt/classes:$kt/lib/*" OfficeKt
  runs "$answered" -- "${jvm%java}jshell" "${all[@]/#/-R}" \
    --class-path "$(printf '%s:' "$cp"/lib/*.jar)" "$work/projects/jshell/two-stacks.jsh"
  runs PASSED -- "$jvm" "${denied[@]}" -jar "$selftest" bridge
done

# tests VERSION JAVA: runs the tests of ci/consumers/junit with that JUnit on that JVM
tests() {
  local version=$1 java=$2 arguments=
  project=$work/projects/junit-$version-jdk$(feature "$java")
  step "JUnit $version on JDK $(feature "$java")"
  [ "$(feature "$java")" -lt 24 ] || arguments="${deny[*]} --enable-native-access=ALL-UNNAMED"
  cp -R ci/consumers/junit "$project"
  "${consumer[@]}" -f "$project/pom.xml" -Djunit.version="$version" -Djvm="$java" \
    -DargLine="$arguments" -Dmaven.test.failure.ignore test >"$work/out" 2>&1 || {
    cat "$work/out"
    fail "JUnit $version"
  }
}

# counted CLASS TESTS FAILURES: what the report of that class has
counted() {
  local report=$project/target/surefire-reports/TEST-example.$1.xml counts
  [ -f "$report" ] || {
    cat "$work/out"
    fail "no report of $1"
  }
  counts="$(grep -c '<testcase ' "$report") $(grep -cE '<(failure|error)' "$report")" || true
  [[ "$counts" = $2\ $3 ]] || {
    cat "$work/out"
    fail "$1: $counts tests and failures, not $2 $3"
  }
}

# One test fails on purpose; it leaves a picture and a capture.
evidence() {
  local picture capture
  counted OfficeTest 2 1
  counted ProviderTest '[1-9]*' 0
  prints "$work/out" 'OfficeTest.it_fails_on_purpose' 'expected: <42> but was: <41>'
  picture=$(find "$project/target" -name network.svg)
  capture=$(find "$project/target" -name web_to-db.pcapng)
  prints "$picture" '<svg ' '>web<' '>db<'
  # the magic number of pcapng, and more than its first block
  [ "$(head -c 4 "$capture" | od -An -tx1)" = ' 0a 0d 0d 0a' ] || fail "$capture is no pcapng file"
  [ "$(wc -c <"$capture")" -gt 300 ] || fail "$capture has no packets"
}

for junit in 5.12.2 5.13.4 5.14.4 6.1.3; do
  tests "$junit" "$java"
  evidence
done
tests 6.1.3 "${java25:-$java}"
evidence

# Older than what we need: one sentence when the class of tests starts.
tests 5.11.4 "$java"
counted OfficeTest 1 1
prints "$work/out" '@VnetTest needs JUnit 5.12 or later; this is JUnit 5.11.4'

echo "the consumers work"
