#!/bin/bash
# sanitize_images.sh [FILES]: damaged and mutated image files under the address sanitizer (default: 2000 mutated files).
#
# Every file must give a picture or a typed error; the sanitizer ends the run at the first access out of bounds, use
# after free or, on Linux, leak. Uses a build folder of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
export TINKERKIT_MUTATIONS=${1:-2000}
exec swift test --sanitize=address --scratch-path .build-sanitized --filter 'MutationFuzzTests|DamagedFileTests' </dev/null
