#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Vnet for Java authors
# SPDX-License-Identifier: Apache-2.0
#
# Publishes to a stand-in for Maven Central on the loopback interface, with a key that is thrown away
# and values in place of those that the owner fills in, and checks the bundle that arrives:
#
#	ci/central-bundle.sh [OPTION...]	options for Maven; -o is none, the plugins refuse it
#
# Compiles nothing that ./mvnw verify has compiled, and runs no test. The bundle stays in
# target/central/bundle.zip. Needs gpg (Debian and Ubuntu: gnupg).
set -euo pipefail
cd "$(dirname "$0")/.."

version=0.0.0-trial
java=$(command -v "${JAVA_HOME:+$JAVA_HOME/bin/}java")
programs=vnet-selftest/src/test/java/org/vnet4j/selftest/release
out=$PWD/target/central
work=$(mktemp -d)
stub=''
# shellcheck disable=SC2317 # called by the trap
cleanup() {
  [ -z "$stub" ] || kill "$stub" 2>/dev/null || true
  gpgconf --homedir "$work/gnupg" --kill all 2>/dev/null || true # not the agent of the user
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

command -v gpg >/dev/null || {
  echo "central-bundle.sh: gpg is not installed (Debian and Ubuntu: apt-get install gnupg)" >&2
  exit 1
}
rm -rf "$out" target/central-staging target/central-publishing target/central-deferred
mkdir -p "$out"

# ---- what only the owner can say is not published by mistake

if ./mvnw -q -B -ntp -N "$@" -Prelease -Drevision="$version" validate >"$out/refused.log" 2>&1 ||
  [ "$(grep -c 'is not filled in: see pom.xml' "$out/refused.log")" != 7 ]; then
  cat "$out/refused.log"
  echo "FAIL: the profile release takes a placeholder" >&2
  exit 1
fi

# ---- a key, and a Central

export GNUPGHOME=$work/gnupg MAVEN_GPG_PASSPHRASE=trial
mkdir -m 700 "$GNUPGHOME"
gpg --batch --quiet --passphrase "$MAVEN_GPG_PASSPHRASE" \
  --quick-generate-key 'A trial <trial@example.org>' rsa3072 sign never 2>"$work/gpg.log" ||
  { cat "$work/gpg.log"; exit 1; }
MAVEN_GPG_KEY=$(gpg --batch --pinentry-mode loopback --passphrase "$MAVEN_GPG_PASSPHRASE" \
  --armor --export-secret-keys)
export MAVEN_GPG_KEY

"$java" "$programs/CentralStub.java" "$work" &
stub=$!
for _ in {1..300}; do
  [ ! -f "$work/address" ] || break
  kill -0 "$stub"
  sleep 0.1
done
cat >"$work/settings.xml" <<'END'
<settings>
  <servers>
    <server><id>central</id><username>trial</username><password>trial</password></server>
  </servers>
</settings>
END

# ---- the bundle. The address for weaknesses is any text of SECURITY.md; the helper is this
# machine's alone; nothing is compiled for having another version.

./mvnw -q -B -ntp -gs "$work/settings.xml" "$@" -Prelease -Drevision="$version" \
  -DskipTests -Dspotless.check.skip -Dmaven.install.skip -pl '!vnet-benchmarks' \
  -Dmaven.compiler.useIncrementalCompilation=false -Dgpg.signer=bc \
  -Dvnet.trial=true -Dvnet.natives= \
  -Dvnet.owner.url=https://example.org/ \
  -Dvnet.owner.scm.url=https://example.org/vnet4j \
  -Dvnet.owner.scm.connection=scm:git:https://example.org/vnet4j.git \
  -Dvnet.owner.developer.id=trial \
  -Dvnet.owner.developer.name='A trial' \
  -Dvnet.owner.developer.email=trial@example.org \
  -Dvnet.owner.security='a weakness privately' \
  -DcentralBaseUrl="$(cat "$work/address")" \
  deploy

# ---- as Central sees it

mv "$work/bundle.zip" "$out/"
"$java" "$programs/CentralCheck.java" "$out/bundle.zip"
mkdir "$work/bundle"
(cd "$work/bundle" && "${java%java}jar" -xf "$out/bundle.zip")
signatures=0
while IFS= read -r signature; do
  gpg --batch --quiet --verify "$signature" "${signature%.asc}" 2>"$work/gpg.log" || {
    cat "$work/gpg.log"
    echo "FAIL: $signature" >&2
    exit 1
  }
  signatures=$((signatures + 1))
done < <(find "$work/bundle" -name '*.asc')
[ "$signatures" -gt 0 ]
echo "$signatures signatures are good; the bundle is $out/bundle.zip"
