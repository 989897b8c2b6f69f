# shellcheck shell=bash
# Tests of the tests: each patch of tests/seeded-bugs puts one wrong design of the write path into a scratch copy, which
# builds, and the tests that the patch names must fail there. A patch that no longer applies, or builds, fails itself.

bugs_suite=Memory.Core.Tests

# Adds to the caller's passed and failed.
run_seeded_bugs() {
  local scratch patch
  scratch=$(mktemp -d "$root/artifacts/seeded-bugs.XXXXXX")
  (cd "$root" && git ls-files -z --cached --others --exclude-standard | tar -c --null --ignore-failed-read -T - 2>/dev/null) | tar -x -C "$scratch"
  [[ ! -f $root/.standins ]] || touch "$scratch/.standins"
  # A repository of its own: patches apply to it, whatever it lies in.
  git -C "$scratch" init -q
  if ! build_suite "$scratch" || ! run_suite "$scratch" "$(all_that_catch)" 0; then
    say "Seeded bugs: the scratch copy fails without any bug"
    sed -n 1,40p "$scratch/said" >&2
    failed=$((failed + 1))
  else
    for patch in "$root"/tests/seeded-bugs/*.patch; do run_seeded_bug "$scratch" "$patch"; done
  fi
  rm -rf "$scratch"
}

run_seeded_bug() {
  local scratch=$1 patch=$2 name verdict
  name=$(basename "$patch" .patch)
  if ! git -C "$scratch" apply "$patch" 2>"$scratch/said"; then
    verdict='FAILED: the patch no longer applies'
  elif ! build_suite "$scratch"; then
    verdict='FAILED: it does not build'
  elif run_suite "$scratch" "$(caught_by "$patch")" 1; then
    verdict=caught
  else
    verdict='NOT CAUGHT'
  fi
  git -C "$scratch" apply -R "$patch" 2>/dev/null || true
  say "Seeded bug $name: $verdict"
  if [[ $verdict == caught ]]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

build_suite() {
  (cd "$1" && dotnet build "tests/$bugs_suite" -c Debug -v q --nologo -tl:off) >"$1/said" 2>&1 </dev/null
}

# run_suite SCRATCH FILTER FAILURES: whether tests ran, and some of them failed (1) or none (0).
run_suite() {
  local trx=$1/suite.trx bad
  rm -f "$trx"
  dotnet test "$1/artifacts/bin/$bugs_suite/debug/$bugs_suite.dll" --nologo --filter "$2" --results-directory "$1" \
    --logger 'trx;LogFileName=suite.trx' --blame-hang-timeout 5m --blame-hang-dump-type none >"$1/said" 2>&1 </dev/null || true
  bad=$(counter failed "$trx")
  (($(counter executed "$trx") > 0)) || return 1
  if (($3 == 0)); then ((bad == 0)); else ((bad > 0)); fi
}

caught_by() {
  sed -n 's/^Caught by: //p' "$1"
}

all_that_catch() {
  sed -n 's/^Caught by: //p' "$root"/tests/seeded-bugs/*.patch | tr '|' '\n' | sort -u | paste -sd '|'
}
