# shellcheck shell=bash

need_redis() {
  ! has_redis || return 0
  has_apt || stop "Redis is missing: install redis-server and run this again"
  say "Fetching Redis into $ASPIREMEMORY_CACHE/redis"
  quietly "$root/eng/get-redis.sh" "$ASPIREMEMORY_CACHE/redis" && has_redis ||
    stop "Redis could not be fetched: install it with 'apt-get install redis-server' and run this again"
}

has_redis() {
  command -v redis-server >/dev/null || "$ASPIREMEMORY_CACHE/redis/redis-server" --version >/dev/null 2>&1
}
