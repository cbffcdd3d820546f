#!/bin/sh
# setup.sh [--quiet]: makes sure that TinkerKit can be built here.
#
# Looks for a Swift toolchain and for the system libraries of Package.swift, says what is missing, and installs the
# libraries with apt or brew. Does nothing when all is there. Works as root or with sudo.
set -eu

quiet=${1:-}
say() { [ "$quiet" = --quiet ] || echo "setup: $*"; }
fail() { echo "setup: $*" >&2; exit 1; }

# --- Swift --------------------------------------------------------------------------------------------------------
command -v swift >/dev/null 2>&1 || fail "no 'swift' on the PATH.
TinkerKit needs Swift 6.3 or later. Get it from https://www.swift.org/install/ (on Linux:
'curl -O https://download.swift.org/swiftly/linux/swiftly-\$(uname -m).tar.gz', unpack, './swiftly init'),
put its usr/bin on the PATH and start again."
version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
major=${version%%.*}
minor=${version#*.}
if [ "${major:-0}" -lt 6 ] || { [ "$major" -eq 6 ] && [ "${minor:-0}" -lt 3 ]; }; then
  fail "found Swift ${version:-of unknown version}; TinkerKit needs 6.3 or later: https://www.swift.org/install/"
fi
say "Swift $version"

# --- libraries ----------------------------------------------------------------------------------------------------
# name for pkg-config, package of apt, formula of brew
libraries="
libpcre2-8 libpcre2-dev pcre2
libpng libpng-dev libpng
libjpeg libjpeg-dev jpeg-turbo
libcurl libcurl4-openssl-dev curl
libzstd libzstd-dev zstd
zlib zlib1g-dev zlib
"

apt_missing=""
brew_missing=""
command -v pkg-config >/dev/null 2>&1 || { apt_missing="pkg-config"; brew_missing="pkgconf"; }
while read -r name apt brew; do
  [ -n "$name" ] || continue
  pkg-config --exists "$name" 2>/dev/null && continue
  apt_missing="$apt_missing $apt"
  brew_missing="$brew_missing $brew"
done <<LIST
$libraries
LIST

if [ -z "$apt_missing" ]; then
  say "all system libraries are there"
  exit 0
fi

if command -v apt-get >/dev/null 2>&1; then
  as_root=""
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || fail "missing:$apt_missing. Install them as root: apt-get install$apt_missing"
    as_root="sudo"
  fi
  say "installing with apt:$apt_missing"
  # shellcheck disable=SC2086 # a list of packages
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $apt_missing </dev/null >/dev/null 2>&1 || {
    $as_root apt-get update </dev/null
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $apt_missing </dev/null
  }
elif command -v brew >/dev/null 2>&1; then
  say "installing with brew:$brew_missing"
  # shellcheck disable=SC2086
  brew install $brew_missing </dev/null
else
  fail "missing:$apt_missing (names of Debian packages); neither apt nor brew is here to install them"
fi
say "done"
