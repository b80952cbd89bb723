# A PostgreSQL of the tests' own, on a free port of loopback, gone with them. It refuses to run as root, so as root it
# belongs to the user that Debian's package made.

postgres_folder=

as_postgres() {
  if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

free_port() {
  local port
  for port in $(shuf -i 20000-29999 -n 50); do
    (: </dev/tcp/127.0.0.1/"$port") 2>/dev/null || { printf '%s' "$port" && return; }
  done
}

start_postgres() {
  local programs port
  programs=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  port=$(free_port)
  postgres_folder=$1/postgres
  mkdir "$postgres_folder"
  [ "$(id -u)" -ne 0 ] || { chmod 711 "$1" && chown postgres "$postgres_folder"; }
  postgres_control=$programs/pg_ctl
  # What it holds is worth nothing after the tests, so it need not sync.
  if ! (cd "$postgres_folder" &&
    as_postgres "$programs/initdb" -D "$postgres_folder/data" -U slipway -A trust -E UTF8 --locale=C.UTF-8 --no-sync &&
    as_postgres "$postgres_control" -D "$postgres_folder/data" -w -l "$postgres_folder/log" -o "-p $port -k $postgres_folder \
      -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=400 -c max_wal_size=4GB" start) >"$1/postgres.out" 2>&1; then
    cat "$1/postgres.out" "$postgres_folder/log" 2>/dev/null >&2
    fail "the PostgreSQL of the tests did not start."
  fi
  export SLIPWAY_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=slipway;Database=postgres"
}

stop_postgres() {
  [ -z "$postgres_folder" ] ||
    (cd "$postgres_folder" && as_postgres "$postgres_control" -D "$postgres_folder/data" -m immediate stop) >/dev/null 2>&1 || true
}
