# Builds the program for ./slipway into .slipway/builds/KEY, where KEY is a digest of the sources, and lets
# .slipway/current point there. Sourced by ./slipway when a source is newer than the last look at them.
. "$root/eng/prepare.sh"

mkdir -p "$home/builds"
exec 9>"$home/lock"
flock 9
# Whatever is edited from here on is newer than this.
touch "$home/stamp.new"

source_key() {
  find "${sources[@]}" \( "${not_sources[@]}" \) -prune -o -type f -print0 | LC_ALL=C sort -z |
    xargs -0 sha256sum | sha256sum | cut -c1-16
}

drop_old_builds() {
  local folder
  for folder in "$home"/builds/*; do
    [ "$folder" = "$1" ] || ls -l /proc/[0-9]*/exe 2>/dev/null | grep -qF "$folder/" || rm -rf "$folder"
  done
}

build() {
  local target=$1 for_machine=()
  find_dotnet
  install_node
  install_library libsqlite3.so.0 libsqlite3-0
  [ "$(uname -m)" != x86_64 ] || for_machine=(-p:BuildFor=linux-x64)
  say "building; this is done once (log in .slipway/build.log)"
  if ! dotnet publish "$root/src/Slipway.Host" -c Release "${for_machine[@]}" --artifacts-path "$home/artifacts" \
    -o "$target.new" -v quiet >"$home/build.log" 2>&1 9>&-; then
    grep -E 'error' "$home/build.log" | sort -u | head -n 20 >&2
    fail "the build failed; .slipway/build.log says more."
  fi
  printf '%s\n' "$DOTNET_ROOT" >"$target.new/dotnet-root"
  rm -rf "$target"
  mv "$target.new" "$target"
}

target=$home/builds/$(cd "$root" && source_key)
[ -x "$target/slipway" ] || build "$target"
ln -sfn "builds/${target##*/}" "$home/current"
mv "$home/stamp.new" "$home/stamp"
drop_old_builds "$target"
exec 9>&-
