# shellcheck shell=bash
# Postgres with pgvector: the system's where it has both, else a private copy in the cache.

need_postgres() {
  ! has_postgres || return 0
  has_apt || stop "Postgres with pgvector 0.7 or newer is missing: install both and run this again"
  say "Preparing Postgres with pgvector in $ASPIREMEMORY_CACHE/postgres"
  quietly "$root/eng/get-postgres.sh" "$ASPIREMEMORY_CACHE/postgres" || stop "Postgres with pgvector could not be prepared (see above)"
  has_postgres || stop "The Postgres in $ASPIREMEMORY_CACHE/postgres does not start for user $(postgres_user): set ASPIREMEMORY_CACHE to a folder that this user can read"
}

has_postgres() {
  postgres_works /usr || postgres_works "$ASPIREMEMORY_CACHE/postgres/usr"
}

# postgres_works PREFIX: some version under it starts and has a pgvector that knows halfvec.
postgres_works() {
  local bin version
  for bin in "$1"/lib/postgresql/*/bin; do
    version=$(basename "$(dirname "$bin")")
    [[ -x $bin/initdb ]] && has_halfvec "$1/share/postgresql/$version" && as_postgres "$bin/postgres" --version && return
  done
  return 1
}

has_halfvec() {
  local found
  found=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" "$1/extension/vector.control" 2>/dev/null)
  [[ -n $found && $(printf '%s\n' 0.7 "$found" | sort -V | head -n 1) == 0.7 ]]
}

# Postgres refuses to run as root.
as_postgres() {
  if [[ $(postgres_user) == "$(id -un)" ]]; then
    "$@"
  else
    (cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$@")
  fi >/dev/null 2>&1
}

postgres_user() {
  if [[ $(id -u) == 0 ]]; then printf postgres; else id -un; fi
}
