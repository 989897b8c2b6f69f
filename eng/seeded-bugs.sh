# shellcheck shell=bash
# Tests of the tests: each patch of tests/seeded-bugs puts one wrong design of the write path into a scratch copy, which
# builds, and the tests that the patch names must fail there. A patch that no longer applies, or builds, or names tests that
# are not there, fails itself. Its header says what is wrong, then 'Suite: PROJECT' (Memory.Core.Tests where that line is
# missing) and 'Caught by: FILTER', parts of full names as in FullyQualifiedName~LaneStoreTests|FullyQualifiedName~KillTests.

# Adds to the caller's passed and failed.
run_seeded_bugs() {
  local scratch patch running=''
  scratch=$(mktemp -d "$root/artifacts/seeded-bugs.XXXXXX")
  trap 'end_running; rm -rf "$scratch" || true; exit 130' INT TERM
  (cd "$root" && git ls-files -z --cached --others --exclude-standard | tar -c --null --ignore-failed-read -T - 2>/dev/null) | tar -x -C "$scratch"
  [[ ! -f $root/.standins ]] || touch "$scratch/.standins"
  # A repository of its own: patches apply to it, whatever it lies in.
  git -C "$scratch" init -q
  if is_well_without_bugs; then
    for patch in "$root"/tests/seeded-bugs/*.patch; do run_seeded_bug "$patch"; done
  else
    failed=$((failed + 1))
  fi
  rm -rf "$scratch"
  trap - INT TERM
}

# Whether all that is to catch something passes; leaves the names of what ran in SUITE.names.
is_well_without_bugs() {
  local suite
  while read -r suite; do
    if ! build_suite "$suite" || ! run_suite "$suite" "$(all_that_catch "$suite")" || (($(count failed) > 0)); then
      say "Seeded bugs: $suite fails in the scratch copy without any bug"
      sed -n 1,40p "$scratch/said" >&2
      return 1
    fi
    sed -n 's/.*<TestMethod .*className="\([^"]*\)" name="\([^"]*\)".*/\1.\2/p' "$scratch/suite.trx" | sort -u >"$scratch/$suite.names"
  done < <(all_suites)
}

run_seeded_bug() {
  local patch=$1 suite filter unknown verdict
  suite=$(suite_of "$patch") filter=$(header 'Caught by' "$patch")
  unknown=$(unknown_names "$filter" "$scratch/$suite.names")
  if [[ -z $filter ]]; then
    verdict="FAILED: no line says what it is caught by"
  elif [[ -n $unknown ]]; then
    verdict="FAILED: $suite has no test of the name $unknown"
  elif ! git -C "$scratch" apply "$patch" 2>"$scratch/said"; then
    verdict='FAILED: the patch no longer applies'
  elif ! build_suite "$suite" --no-restore; then
    verdict='FAILED: it does not build'
  elif ! run_suite "$suite" "$filter"; then
    verdict='FAILED: no test came to an end'
  elif (($(count failed) == 0)); then
    verdict="NOT CAUGHT by any of $(count executed) tests"
  else
    verdict="caught by $(count failed) of $(count executed) tests: $(failed_tests) ($(first_message))"
  fi
  git -C "$scratch" apply -R "$patch" 2>/dev/null || true
  say "Seeded bug $(basename "$patch" .patch): $verdict"
  if [[ $verdict == caught* ]]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

# build_suite SUITE [OPTION]: code style is the real build's concern.
build_suite() {
  interruptibly dotnet build "$scratch/tests/$1" -c Debug -v q --nologo -tl:off -p:RunAnalyzers=false "${@:2}"
}

# run_suite SUITE FILTER: whether any test ran; its result is in suite.trx.
run_suite() {
  rm -f "$scratch/suite.trx"
  interruptibly dotnet test "$scratch/artifacts/bin/$1/debug/$1.dll" --nologo --filter "$2" --results-directory "$scratch" \
    --logger 'trx;LogFileName=suite.trx' --blame-hang-timeout 5m --blame-hang-dump-type none || true
  (($(count executed) > 0))
}

# In the background: a trap waits for whatever runs in the foreground.
interruptibly() {
  local status=0
  (cd "$scratch" && exec "$@") >"$scratch/said" 2>&1 </dev/null &
  running=$!
  wait "$running" || status=$?
  running=''
  return "$status"
}

end_running() {
  [[ -z $running ]] || kill "$running" 2>/dev/null || true
  wait
}

count() {
  counter "$1" "$scratch/suite.trx"
}

# The first three.
failed_tests() {
  sed -n 's/.*<UnitTestResult [^>]*testName="\([^"(]*\).*outcome="Failed".*/\1/p' "$scratch/suite.trx" \
    | sed 's/.*\.//' | sort -u | sed -n 1,3p | paste -sd ',' | sed 's/,/, /g'
}

# Why the first of them failed, so that a reader sees whether it is for the bug's own sake.
first_message() {
  sed -n 's/.*<Message>\([^<]*\).*/\1/p' "$scratch/suite.trx" | sed -n 1p | cut -c 1-120 | sed 's/[[:space:]]*$//'
}

# header NAME PATCH
header() {
  sed -n "s/^$1: //p" "$2"
}

suite_of() {
  local suite
  suite=$(header Suite "$1")
  printf '%s\n' "${suite:-Memory.Core.Tests}"
}

all_suites() {
  local patch
  for patch in "$root"/tests/seeded-bugs/*.patch; do suite_of "$patch"; done | sort -u
}

all_that_catch() {
  local patch
  for patch in "$root"/tests/seeded-bugs/*.patch; do
    [[ $(suite_of "$patch") != "$1" ]] || header 'Caught by' "$patch"
  done | tr '|' '\n' | sort -u | paste -sd '|'
}

# unknown_names FILTER FILE: the parts of a filter that are in no line of the file.
unknown_names() {
  local part
  while read -r part; do
    grep -qF -- "${part#*~}" "$2" || printf '%s ' "${part#*~}"
  done < <(tr '|' '\n' <<<"$1")
}
