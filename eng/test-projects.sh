# shellcheck shell=bash
# Runs the test projects two at a time and adds up what their result files say.

run_test_projects() {
  local filter=$1 results project running=0 jobs=() passed=0 failed=0
  results=$(mktemp -d "$root/artifacts/test-results.XXXXXX")
  # The shell's background jobs ignore Ctrl+C: they are ended by name.
  trap 'kill "${jobs[@]}" 2>/dev/null; wait; rm -rf "$results"; exit 130' INT TERM
  while read -r project; do
    if ((running == 2)); then wait -n || true; else running=$((running + 1)); fi
    run_test_project "$project" "$results" "$filter" &
    jobs+=($!)
  done < <(test_projects)
  wait
  trap - INT TERM
  add_up "$results"
  rm -rf "$results"
  if [[ -n ${MEMORY_TEST_LONG:-} && -z $filter ]]; then run_seeded_bugs; fi
  report_count "$filter"
}

# The caller's passed and failed, as the last line.
report_count() {
  counted=yes
  ((passed + failed > 0)) || say "No test ran${1:+: nothing matches $1}"
  say "$passed passed, $failed failed"
  ((passed > 0 && failed == 0))
}

test_projects() {
  tr -d '\r' <"$root/AspireMemory.sln" | sed -n 's/.*"\(tests[\\/][^"]*\.Tests\)\.csproj".*/\1/p' | sed 's:.*[\\/]::' | sort
}

# A hanging test ends its project after ten minutes, and counts as failed; the long forms take longer.
run_test_project() {
  local name=$1 results=$2 log=$2/$1.log status=0 arguments=() patience=10m
  [[ -z ${MEMORY_TEST_LONG:-} ]] || patience=30m
  [[ -z $3 ]] || arguments=(--filter "$3")
  exec 3>&1 >"$log" 2>&1 </dev/null
  trap '[[ -z ${tests:-} ]] || kill "$tests" 2>/dev/null; exit 143' TERM
  dotnet test "$root/artifacts/bin/$name/debug/$name.dll" --nologo --results-directory "$results" \
    --logger "trx;LogFileName=$name.trx" --logger 'console;verbosity=minimal' \
    --blame-hang-timeout $patience --blame-hang-dump-type none "${arguments[@]}" &
  tests=$!
  wait "$tests" || status=$?
  printf '%s\n' "$status" >"$results/$name.status"
  if [[ $status == 0 ]]; then
    printf '%s: %s passed\n' "$name" "$(counter passed "$results/$name.trx")" >&3
  else
    { printf '%s FAILED\n' "$name"; grep -vE "^(Starting test|A total of|Results File:|Data collector 'Blame')" "$log"; } >&3
  fi
}

add_up() {
  local status name ok bad
  for status in "$1"/*.status; do
    [[ -f $status ]] || continue
    name=${status%.status}
    ok=$(counter passed "$name.trx")
    bad=$(($(counter failed "$name.trx") + $(counter error "$name.trx") + $(counter timeout "$name.trx") + $(counter aborted "$name.trx")))
    # A crashed test host leaves no failed test behind.
    if ((bad == 0)) && [[ $(<"$status") != 0 ]]; then bad=1; fi
    passed=$((passed + ok)) failed=$((failed + bad))
  done
}

counter() {
  local number
  number=$(sed -n "s/.*<Counters[^>]* $1=\"\([0-9]*\)\".*/\1/p" "$2" 2>/dev/null | head -n 1)
  printf '%s' "${number:-0}"
}
