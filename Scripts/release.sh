#!/bin/bash
# release.sh [OUT]: one stripped file that needs no Swift on the machine it runs on.
#
# Linked statically: the Swift runtime and standard library, Foundation where used, every Swift package, libstdc++, and the
# C libraries of Package.swift (PCRE2, libpng, libjpeg, zlib, zstd) where their archives are installed. Needed from the
# system: the C library (libc, libm, the loader) and libgcc_s, which every Debian and Ubuntu has. Commands that reach a
# network load libcurl.so.4 when they begin (package libcurl4), and say so where it is missing. Prints size and `ldd`, then
# tries the file in an empty root that holds nothing but what `ldd` names.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-.build/dist}
mkdir -p "$out"

Scripts/setup.sh --quiet
# A build folder of its own: the other one links dynamically, and switching would rebuild it every time.
scratch=.build/static
options=(-c release --product tinkerkit --static-swift-stdlib --scratch-path "$scratch")
if [ "$(uname)" = Linux ]; then
  # A folder with archives alone, searched first: `-lpng` finds no shared library there. The descriptions for pkg-config
  # name it too, because the paths that they give come before all others.
  archives=$PWD/$scratch/archives
  mkdir -p "$archives"
  for name in pcre2-8 png16 png jpeg z zstd stdc++; do
    file=$(cc -print-file-name="lib$name.a" 2>/dev/null || clang -print-file-name="lib$name.a")
    if [ -f "$file" ]; then ln -sf "$file" "$archives/lib$name.a"; fi
  done
  for name in libpcre2-8 libpng libjpeg zlib libzstd; do
    printf 'Name: %s\nDescription: archive\nVersion: %s\nCflags: %s\nLibs: -L%s %s\n' "$name" \
      "$(pkg-config --modversion "$name")" "$(pkg-config --cflags "$name")" "$archives" \
      "$(pkg-config --static --libs-only-l "$name")" > "$archives/$name.pc"
  done
  export PKG_CONFIG_PATH=$archives
  options+=(-Xlinker "-L$archives")
fi
swift build "${options[@]}" </dev/null
cp "$(swift build "${options[@]}" --show-bin-path)/tinkerkit" "$out/tinkerkit"
strip "$out/tinkerkit"

echo "release: $out/tinkerkit, $(wc -c < "$out/tinkerkit" | awk '{ printf "%.1f MB", $1 / 1e6 }'), stripped"
if [ "$(uname)" != Linux ]; then
  otool -L "$out/tinkerkit"
  exit 0
fi
ldd "$out/tinkerkit"
if ldd "$out/tinkerkit" | grep -Eq 'libswift|libFoundation|lib_Foundation|not found'; then
  echo "release: the list above names a library of Swift, or one that is missing" >&2
  exit 1
fi

# --- an empty root ------------------------------------------------------------------------------------------------
if ! unshare -m mount --bind /proc /proc 2>/dev/null; then
  echo "release: not tried in an empty root, which needs root and the right to mount"
  exit 0
fi
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/bin" "$root/data" "$root/proc" "$root/tmp"
cp "$out/tinkerkit" "$root/bin/"
ldd "$out/tinkerkit" | grep -oE '/[^ ]+' | while read -r library; do
  mkdir -p "$root$(dirname "$library")"
  cp -L "$library" "$root$library"
done
cp Fixtures/conversations/demo.jsonl "$root/data/"
cp -r Fixtures/tokenizers/tiny-qwen3 "$root/data/"

# With /proc, from which the Swift runtime reads the arguments; mounted for the one process and gone with it.
inside() {
  unshare -m sh -c 'mount --bind /proc "$0/proc" && exec env -i "$(command -v chroot)" "$0" "$@"' "$root" "$@" </dev/null
}
inside /bin/tinkerkit --version
inside /bin/tinkerkit render /data/demo.jsonl --renderer qwen3 --tokenizer /data/tiny-qwen3 --output /data/out.jsonl
# What the bare root wrote is what this machine writes.
"$out/tinkerkit" render Fixtures/conversations/demo.jsonl --renderer qwen3 --tokenizer Fixtures/tokenizers/tiny-qwen3 \
  --output "$root/data/here.jsonl" </dev/null
cmp "$root/data/out.jsonl" "$root/data/here.jsonl"
echo "release: in an empty root (the file and $(ldd "$out/tinkerkit" | grep -c '/') libraries, nothing else) it rendered" \
  "$(wc -l < "$root/data/out.jsonl") examples, byte for byte as here"
