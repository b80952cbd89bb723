# What ./slipway and ./test share: getting what is missing on the machine. It prints what it installs and never asks.
# Sourced; expects $root, the folder of the repository.

say() { printf 'slipway: %s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    sudo -n "$@"
  else
    return 77
  fi
}

# Debian packages by name, those that are missing.
install_packages() {
  local package missing=() log
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || fail "these are missing, and there is no apt-get to install them: ${missing[*]}"
  as_root true || fail "these are missing; install them with: sudo apt-get install -y ${missing[*]}"
  say "installing with apt-get: ${missing[*]}"
  log=$(mktemp)
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends)
  as_root "${install[@]}" "${missing[@]}" >"$log" 2>&1 ||
    { as_root apt-get -o DPkg::Lock::Timeout=600 update >"$log" 2>&1 &&
      as_root "${install[@]}" "${missing[@]}" >>"$log" 2>&1; } ||
    { tail -n 20 "$log" >&2 && rm -f "$log" && fail "apt-get could not install: ${missing[*]}"; }
  rm -f "$log"
}

# A shared library by file name, from a Debian package where the machine does not have it.
install_library() {
  PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null | grep -q "$1" || install_packages "$2"
}

# The web pages are built with node.
install_node() {
  local version
  version=$(node --version 2>/dev/null | sed -E 's/^v([0-9]+).*/\1/')
  if [ "${version:-0}" -lt 18 ] || ! command -v npm >/dev/null; then install_packages nodejs npm; fi
}

# Finds the .NET SDK that global.json asks for, or gets it from the vendor into .slipway/dotnet.
find_dotnet() {
  local place installer
  for place in "${DOTNET_ROOT:-}" "$(dirname "$(readlink -f "$(command -v dotnet || echo /)")")" \
    /usr/share/dotnet /usr/lib/dotnet "$HOME/.dotnet" "$root/.slipway/dotnet"; do
    if [ -x "$place/dotnet" ] && (cd "$root" && "$place/dotnet" --version >/dev/null 2>&1); then
      export DOTNET_ROOT=$place PATH=$place:$PATH
      return 0
    fi
  done
  say "no .NET 10 SDK found; trying to get it with the vendor's script into .slipway/dotnet"
  install_packages ca-certificates curl libssl3 libstdc++6
  installer=$(mktemp)
  if curl -fsSL --connect-timeout 10 -o "$installer" https://dot.net/v1/dotnet-install.sh &&
    bash "$installer" --channel 10.0 --install-dir "$root/.slipway/dotnet" --no-path >&2; then
    rm -f "$installer"
    export DOTNET_ROOT=$root/.slipway/dotnet PATH=$root/.slipway/dotnet:$PATH
    return 0
  fi
  rm -f "$installer"
  fail "the .NET 10 SDK is needed to build: install it from https://dotnet.microsoft.com/download/dotnet/10.0 and start this again."
}

# Invariant: a machine without ICU builds as well; the program itself never needs it.
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1 \
  DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
