# shellcheck shell=bash

# For the tests of the page; without it those tests fail and say so, the others run.
get_chromium() {
  if [[ -n ${MEMORY_TEST_CHROMIUM:-} ]]; then
    [[ -x $MEMORY_TEST_CHROMIUM ]] || stop "MEMORY_TEST_CHROMIUM is '$MEMORY_TEST_CHROMIUM': no such program"
    return
  fi
  if ! find_chromium && has_apt && can_be_root; then
    say "Installing Chromium (apt-get install chromium)"
    quietly apt_install chromium || true
  fi
  if find_chromium; then
    export MEMORY_TEST_CHROMIUM=$chromium
  else
    say "Chromium is missing: install it with 'apt-get install chromium' for the tests of the page"
  fi
}

find_chromium() {
  chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
}
