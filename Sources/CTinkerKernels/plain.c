// What needs no processor class: packing, widening, and the vision tower's activations.
#include <math.h>
#include <string.h>

#include "tk_kernels.h"

void tk_pack(float *out, long panel, const float *b, long b_row, long b_col, long k, long n) {
  for (long j = 0; j < n; j += TK_PANEL) {
    float *to = out + j / TK_PANEL * panel;
    const float *from = b + j * b_col;
    const long columns = n - j < TK_PANEL ? n - j : TK_PANEL;
    if (columns < TK_PANEL) memset(to, 0, sizeof(float) * TK_PANEL * (size_t)k);
    if (b_col == 1) {
      for (long step = 0; step < k; step++)
        memcpy(to + step * TK_PANEL, from + step * b_row, sizeof(float) * (size_t)columns);
    } else {
      // Sixteen columns at a time in blocks of sixteen steps, so that both sides stay in the cache.
      for (long s0 = 0; s0 < k; s0 += 16) {
        const long end = s0 + 16 < k ? s0 + 16 : k;
        for (long c = 0; c < columns; c++)
          for (long step = s0; step < end; step++)
            to[step * TK_PANEL + c] = from[step * b_row + c * b_col];
      }
    }
  }
}

void tk_copy(float *out, long out_row, long out_col, const float *in, long in_row, long in_col,
             long rows, long columns) {
  for (long i = 0; i < rows; i++) {
    float *to = out + i * out_row;
    const float *from = in + i * in_row;
    if (out_col == 1 && in_col == 1)
      memcpy(to, from, sizeof(float) * (size_t)columns);
    else
      for (long j = 0; j < columns; j++) to[j * out_col] = from[j * in_col];
  }
}

void tk_widen_bf16(float *out, const void *in, long count) {
  const unsigned char *bytes = in;
  for (long i = 0; i < count; i++) {
    uint32_t bits = (uint32_t)bytes[2 * i] << 16 | (uint32_t)bytes[2 * i + 1] << 24;
    memcpy(out + i, &bits, sizeof bits);
  }
}

void tk_widen_f16(float *out, const void *in, long count) {
  const unsigned char *bytes = in;
  for (long i = 0; i < count; i++) {
    const uint32_t half = (uint32_t)bytes[2 * i] | (uint32_t)bytes[2 * i + 1] << 8;
    const uint32_t sign = (half & 0x8000) << 16, exponent = half >> 10 & 31, fraction = half & 1023;
    float value;
    if (exponent == 0) {
      value = (float)fraction * 0x1p-24f;
    } else {
      uint32_t bits = (exponent == 31 ? 0x7F800000u : (exponent + 112) << 23) | fraction << 13;
      memcpy(&value, &bits, sizeof bits);
    }
    out[i] = sign ? -value : value;
  }
}

double tk_sum_of_squares(const float *x, long count) {
  double lane[16] = {0};
  for (long i = 0; i < count; i++) lane[i & 15] += (double)x[i] * (double)x[i];
  double total = 0;
  for (int i = 0; i < 16; i++) total += lane[i];
  return total;
}

void tk_rotate(float *x, long x_row, const float *cosine, const float *sine, long rows, long heads,
               long width) {
  const long half = width / 2;
  for (long r = 0; r < rows; r++) {
    const float *c = cosine + r * half, *s = sine + r * half;
    for (long n = 0; n < heads; n++) {
      float *h = x + r * x_row + n * width;
      for (long i = 0; i < half; i++) {
        const float a = h[i], b = h[i + half];
        h[i] = a * c[i] - b * s[i];
        h[i + half] = b * c[i] + a * s[i];
      }
    }
  }
}

void tk_gelu_erf(float *x, long count) {
  for (long i = 0; i < count; i++) x[i] = 0.5f * x[i] * (1.0f + erff(x[i] * 0.70710678118654752f));
}

void tk_gelu_tanh(float *x, long count) {
  for (long i = 0; i < count; i++) {
    float cubed = x[i] * x[i] * x[i];
    x[i] = 0.5f * x[i] * (1.0f + tanhf(0.79788456080286536f * (x[i] + 0.044715f * cubed)));
  }
}
