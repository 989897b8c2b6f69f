# shellcheck shell=bash
# The steps that ./run and ./test share. Each prints a line when it has something to do, and nothing otherwise.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
for part in say environment sdk ports packages apt postgres redis dashboard chromium clients build; do
  # shellcheck source=/dev/null
  source "$root/eng/$part.sh"
done

prepare() {
  use_home
  need_writable_checkout
  need_sdk
  decide_packages
}

# Native Postgres and Redis, for where no containers serve them; one set-up at a time fills the cache.
need_servers() {
  use_cache
  if has_postgres && has_redis; then return; fi
  (
    flock -n 9 || { say "Waiting for another set-up of $ASPIREMEMORY_CACHE"; flock 9; }
    need_postgres
    need_redis
  ) 9>"$ASPIREMEMORY_CACHE/.lock" || exit 1
}
