#!/bin/bash
# sanitize_images.sh [COUNT]: damaged and mutated image files under the address sanitizer (default: 10000 mutations).
#
# Every file must give a picture or a typed error; the sanitizer ends the run at the first access out of bounds, use
# after free or, on Linux, leak. Builds in a folder of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
swift build --package-path Benchmarks/images --scratch-path .build-sanitized --sanitize=address --product image-fuzz </dev/null
.build-sanitized/debug/image-fuzz "${1:-10000}" Fixtures/golden/images/files/* Fixtures/golden/images/errors/* </dev/null
echo "1 passed, 0 failed"
