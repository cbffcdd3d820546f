// The inner loops of resizing and of laying out patches, for processors with AVX2.
//
// The portable versions are in Swift (TinkerVision, ResamplingKernel and PatchKernel) and give the same
// bytes; the caller asks tk_image_has_avx2 before it calls anything here.

#ifndef TK_IMAGE_H
#define TK_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool tk_image_has_avx2(void);

#if defined(__x86_64__)

// Integer weights. A weight is low + high * 4096; `high` is NULL when all weights fit into 16 bits.
typedef struct {
  const int16_t *low;
  const int16_t *high;
  int bits;  // fractional bits of a weight, 1 to 22
} tk_image_weights;

// Along a row of RGB: output pixel i is the weighted sum of `taps[i]` input pixels from `first[i]`.
// Weights of pixel i begin at i * stride; stride is a multiple of 4, and weights from taps[i] to the next
// multiple of 4 are 0. Up to 64 bytes after the last pixel of input and output are touched.
void tk_image_resample_row(
    const uint8_t *input, uint8_t *output, size_t pixels, const int32_t *first, const int32_t *taps,
    size_t stride, tk_image_weights weights);

// Across rows: `count` bytes of output from `taps` rows of a ring of `capacity` rows that are `stride`
// bytes apart, beginning with row `first` of the ring. Weights from `taps` to the next multiple of 2
// are 0. Up to 64 bytes after `count` are touched, in rows and output.
void tk_image_resample_columns(
    const uint8_t *rows, size_t stride, size_t capacity, size_t first, size_t taps,
    tk_image_weights weights, uint8_t *output, size_t count);

// A row of patches of `side` pixels, at most 16: three channels, each written twice, of
// (sample - shift) / scale. `band` holds `side` rows of RGB that are `stride` bytes apart, each readable
// for 64 bytes after the last pixel. `values` is where the blocks of this row of patches begin, and
// `row_in_block` the row's place in them; blocks have `merge` × `merge` patches. `streams` writes past
// the caches.
void tk_image_write_patches(
    const uint8_t *band, size_t stride, size_t side, size_t columns, size_t merge,
    size_t row_in_block, const float shift[3], const float scale[3], bool streams, float *values);

#endif
#endif
