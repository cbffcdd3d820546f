#include "tk_image.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#define AVX2 __attribute__((target("avx2")))
#define INLINE __attribute__((always_inline, target("avx2"))) static inline

bool tk_image_has_avx2(void) { return __builtin_cpu_supports("avx2"); }

// ---- along a row

// Sums of four pixels a step, as 32-bit numbers: red, green, blue and nothing, in both halves of which
// the lower has taps 0 and 1, the upper taps 2 and 3.
INLINE __m256i four_taps(__m256i sum, const uint8_t *pixels, const int16_t *weights) {
  const __m256i pairs = _mm256_setr_epi8(
      0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1,
      6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1);
  const __m256i spread = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
  __m256i samples = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)pixels));
  __m256i weight = _mm256_castsi128_si256(_mm_loadl_epi64((const __m128i *)weights));
  return _mm256_add_epi32(
      sum, _mm256_madd_epi16(
               _mm256_shuffle_epi8(samples, pairs), _mm256_permutevar8x32_epi32(weight, spread)));
}

INLINE __m128i halves(__m256i sum) {
  return _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
}

INLINE void resample_row(
    const uint8_t *input, uint8_t *output, size_t pixels, const int32_t *first, const int32_t *taps,
    size_t stride, tk_image_weights weights, bool wide) {
  const __m128i half = _mm_set1_epi32(1 << (weights.bits - 1));
  const __m128i shift = _mm_cvtsi32_si128(weights.bits);
  for (size_t pixel = 0; pixel < pixels; pixel++) {
    const uint8_t *from = input + (size_t)first[pixel] * 3;
    const size_t row = pixel * stride;
    __m256i low = _mm256_setzero_si256();
    __m256i high = _mm256_setzero_si256();
    for (size_t tap = 0; tap < (size_t)taps[pixel]; tap += 4) {
      low = four_taps(low, from + tap * 3, weights.low + row + tap);
      if (wide) high = four_taps(high, from + tap * 3, weights.high + row + tap);
    }
    __m128i sum = _mm_add_epi32(halves(low), half);
    if (wide) sum = _mm_add_epi32(sum, _mm_slli_epi32(halves(high), 12));
    sum = _mm_sra_epi32(sum, shift);
    sum = _mm_packus_epi16(_mm_packs_epi32(sum, sum), sum);
    int32_t bytes = _mm_cvtsi128_si32(sum);
    memcpy(output + pixel * 3, &bytes, 4);  // the fourth byte is overwritten by the next pixel
  }
}

AVX2 void tk_image_resample_row(
    const uint8_t *input, uint8_t *output, size_t pixels, const int32_t *first, const int32_t *taps,
    size_t stride, tk_image_weights weights) {
  if (weights.high == NULL)
    resample_row(input, output, pixels, first, taps, stride, weights, false);
  else
    resample_row(input, output, pixels, first, taps, stride, weights, true);
}

// ---- across rows

typedef struct {
  __m256i part[4];
} sums;

// Adds two rows of 32 bytes. The sums stand in the order that packing undoes.
INLINE sums two_rows(sums sum, __m256i above, __m256i below, const int16_t *weights) {
  const __m256i zero = _mm256_setzero_si256();
  int32_t both;
  memcpy(&both, weights, 4);
  const __m256i weight = _mm256_set1_epi32(both);
  const __m256i low = _mm256_unpacklo_epi8(above, below);
  const __m256i high = _mm256_unpackhi_epi8(above, below);
  const __m256i pairs[4] = {
      _mm256_unpacklo_epi8(low, zero), _mm256_unpackhi_epi8(low, zero),
      _mm256_unpacklo_epi8(high, zero), _mm256_unpackhi_epi8(high, zero)};
  for (int part = 0; part < 4; part++)
    sum.part[part] = _mm256_add_epi32(sum.part[part], _mm256_madd_epi16(pairs[part], weight));
  return sum;
}

INLINE void resample_columns(
    const uint8_t *rows, size_t stride, size_t capacity, size_t first, size_t taps,
    tk_image_weights weights, uint8_t *output, size_t count, bool wide) {
  const __m256i half = _mm256_set1_epi32(1 << (weights.bits - 1));
  const __m256i zero = _mm256_setzero_si256();
  const __m128i shift = _mm_cvtsi32_si128(weights.bits);
  for (size_t byte = 0; byte < count; byte += 32) {
    sums low = {{half, half, half, half}};
    sums high = {{zero, zero, zero, zero}};
    size_t row = first;
    for (size_t tap = 0; tap < taps; tap += 2) {
      const uint8_t *above = rows + row * stride + byte;
      if (++row == capacity) row = 0;
      // A last row without a partner has the weight 0 beside it; it is read twice.
      const uint8_t *below = tap + 1 < taps ? rows + row * stride + byte : above;
      if (tap + 1 < taps && ++row == capacity) row = 0;
      const __m256i a = _mm256_loadu_si256((const __m256i *)above);
      const __m256i b = _mm256_loadu_si256((const __m256i *)below);
      low = two_rows(low, a, b, weights.low + tap);
      if (wide) high = two_rows(high, a, b, weights.high + tap);
    }
    for (int part = 0; part < 4; part++) {
      if (wide)
        low.part[part] = _mm256_add_epi32(low.part[part], _mm256_slli_epi32(high.part[part], 12));
      low.part[part] = _mm256_sra_epi32(low.part[part], shift);
    }
    const __m256i bytes = _mm256_packus_epi16(
        _mm256_packs_epi32(low.part[0], low.part[1]), _mm256_packs_epi32(low.part[2], low.part[3]));
    _mm256_storeu_si256((__m256i *)(output + byte), bytes);
  }
}

AVX2 void tk_image_resample_columns(
    const uint8_t *rows, size_t stride, size_t capacity, size_t first, size_t taps,
    tk_image_weights weights, uint8_t *output, size_t count) {
  if (weights.high == NULL)
    resample_columns(rows, stride, capacity, first, taps, weights, output, count, false);
  else
    resample_columns(rows, stride, capacity, first, taps, weights, output, count, true);
}

// ---- patches

typedef struct {
  __m128i channel[3];
} pixels16;

// Sixteen pixels of RGB, a register for each channel.
INLINE pixels16 load_pixels(const uint8_t *from) {
  static const int8_t places[3][3][16] = {
      {{0, 3, 6, 9, 12, 15, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1},
       {-1, -1, -1, -1, -1, -1, 2, 5, 8, 11, 14, -1, -1, -1, -1, -1},
       {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1, 4, 7, 10, 13}},
      {{1, 4, 7, 10, 13, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1},
       {-1, -1, -1, -1, -1, 0, 3, 6, 9, 12, 15, -1, -1, -1, -1, -1},
       {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 2, 5, 8, 11, 14}},
      {{2, 5, 8, 11, 14, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1},
       {-1, -1, -1, -1, -1, 1, 4, 7, 10, 13, -1, -1, -1, -1, -1, -1},
       {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 3, 6, 9, 12, 15}}};
  const __m128i a = _mm_loadu_si128((const __m128i *)from);
  const __m128i b = _mm_loadu_si128((const __m128i *)(from + 16));
  const __m128i c = _mm_loadu_si128((const __m128i *)(from + 32));
  pixels16 out;
  for (int channel = 0; channel < 3; channel++) {
    const __m128i *place = (const __m128i *)places[channel];
    out.channel[channel] = _mm_or_si128(
        _mm_or_si128(
            _mm_shuffle_epi8(a, _mm_loadu_si128(place)),
            _mm_shuffle_epi8(b, _mm_loadu_si128(place + 1))),
        _mm_shuffle_epi8(c, _mm_loadu_si128(place + 2)));
  }
  return out;
}

// (sample - shift) / scale of eight samples: one subtraction and one true division, as the reference.
INLINE __m256 normalized(__m128i samples, __m256 shift, __m256 scale) {
  return _mm256_div_ps(
      _mm256_sub_ps(_mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(samples)), shift), scale);
}

INLINE void write_patches(
    const uint8_t *band, size_t stride, size_t side, size_t columns, size_t merge,
    size_t row_in_block, const float shift[3], const float scale[3], bool streams, float *values) {
  const size_t plane = side * side;
  for (size_t column = 0; column < columns; column++) {
    const size_t patch = (column / merge * merge + row_in_block) * merge + column % merge;
    float *out = values + patch * 6 * plane;
    // Patches narrower than sixteen pixels are put together here, because whole vectors are written.
    float planes[3][16 * 16];
    for (size_t y = 0; y < side; y++) {
      const pixels16 pixels = load_pixels(band + y * stride + column * side * 3);
      for (size_t channel = 0; channel < 3; channel++) {
        const __m256 by = _mm256_set1_ps(scale[channel]);
        const __m256 less = _mm256_set1_ps(shift[channel]);
        const __m256 left = normalized(pixels.channel[channel], less, by);
        const __m256 right = normalized(_mm_srli_si128(pixels.channel[channel], 8), less, by);
        if (side == 16) {
          float *first = out + channel * 512 + y * 16;
          if (streams) {
            _mm256_stream_ps(first, left);
            _mm256_stream_ps(first + 8, right);
            _mm256_stream_ps(first + 256, left);
            _mm256_stream_ps(first + 264, right);
          } else {
            _mm256_storeu_ps(first, left);
            _mm256_storeu_ps(first + 8, right);
            _mm256_storeu_ps(first + 256, left);
            _mm256_storeu_ps(first + 264, right);
          }
        } else {
          float *first = planes[channel] + y * side;
          _mm256_storeu_ps(first, left);
          _mm256_storeu_ps(first + 8, right);
        }
      }
    }
    if (side == 16) continue;
    for (size_t channel = 0; channel < 3; channel++) {
      memcpy(out + channel * 2 * plane, planes[channel], plane * sizeof(float));
      memcpy(out + (channel * 2 + 1) * plane, planes[channel], plane * sizeof(float));
    }
  }
}

AVX2 void tk_image_write_patches(
    const uint8_t *band, size_t stride, size_t side, size_t columns, size_t merge,
    size_t row_in_block, const float shift[3], const float scale[3], bool streams, float *values) {
  if (side != 16) {
    write_patches(
        band, stride, side, columns, merge, row_in_block, shift, scale, false, values);
  } else if (streams && (uintptr_t)values % 32 == 0) {
    write_patches(band, stride, 16, columns, merge, row_in_block, shift, scale, true, values);
    _mm_sfence();
  } else {
    write_patches(band, stride, 16, columns, merge, row_in_block, shift, scale, false, values);
  }
}

#else

bool tk_image_has_avx2(void) { return false; }

#endif
