#!/bin/bash
# release.sh [OUT]: one stripped file that needs no Swift on the machine it runs on.
#
# Linked statically: the Swift runtime and standard library, Foundation where used, and every Swift package. Needed from the
# system: the C library (libc, libm; libgcc_s and libstdc++ where the linker asks for them) and the C libraries of
# Package.swift. Prints size and `ldd`, then tries the file in an empty root that holds nothing but what `ldd` names.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-.build/dist}
mkdir -p "$out"

Scripts/setup.sh --quiet
# A build folder of its own: the other one links dynamically, and switching would rebuild it every time.
scratch=.build/static
swift build -c release --product tinkerkit --static-swift-stdlib --scratch-path "$scratch" </dev/null
binary=$(swift build -c release --product tinkerkit --static-swift-stdlib --scratch-path "$scratch" --show-bin-path)/tinkerkit
cp "$binary" "$out/tinkerkit"
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
if [ "$(id -u)" -ne 0 ]; then
  echo "release: not tried in an empty root, because only root may chroot"
  exit 0
fi
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/bin" "$root/data" "$root/tmp"
cp "$out/tinkerkit" "$root/bin/"
ldd "$out/tinkerkit" | grep -oE '/[^ ]+' | while read -r library; do
  mkdir -p "$root$(dirname "$library")"
  cp -L "$library" "$root$library"
done
cp Fixtures/conversations/demo.jsonl "$root/data/"
cp -r Fixtures/tokenizers/tiny-qwen3 "$root/data/"

inside() { env -i chroot "$root" "$@" </dev/null; }
inside /bin/tinkerkit --version
inside /bin/tinkerkit render /data/demo.jsonl --renderer qwen3 --tokenizer /data/tiny-qwen3 --output /data/out.jsonl
# What the bare root wrote is what this machine writes.
"$out/tinkerkit" render Fixtures/conversations/demo.jsonl --renderer qwen3 --tokenizer Fixtures/tokenizers/tiny-qwen3 \
  --output "$root/data/here.jsonl" </dev/null
cmp "$root/data/out.jsonl" "$root/data/here.jsonl"
echo "release: in an empty root (the file and $(ldd "$out/tinkerkit" | grep -c '/') libraries, nothing else) it rendered" \
  "$(wc -l < "$root/data/out.jsonl") examples, byte for byte as here"
