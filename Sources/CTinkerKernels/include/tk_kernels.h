// Float kernels of the embedded engine in one table per processor class.
//
// All matrices are row-major unless strides say otherwise; strides count floats. Nothing is
// allocated and nothing is checked here: the Swift side checks extents at the door.
#ifndef TK_KERNELS_H
#define TK_KERNELS_H

#include <stdint.h>

#pragma clang assume_nonnull begin

// Columns of a packed panel. A packed matrix [k, n] is ceil(n / 16) panels of [k, 16], zero padded.
#define TK_PANEL 16
// The depth of one block of a sum. Sums run in order inside a block; blocks are added in order.
#define TK_DEPTH 256

typedef struct tk_kernels {
  const char *name;

  // c[m, n] (+)= a[m, k] · b[k, n]; b is packed, its panels `b_panel` floats apart. Each element of c
  // is summed in the same order whatever m and n are.
  void (*_Nonnull matmul)(float *c, long c_row, const float *a, long a_row, long a_col,
                          const float *b, long b_panel, long m, long n, long k, int accumulate);

  // out = w ∘ x · s, s = (mean(x²) + eps)^-½, for each of `rows` rows of `width`; s is kept.
  void (*_Nonnull rms)(float *out, long out_row, const float *x, long x_row, const float *w,
                       float *s, long rows, long width, float eps);
  // dx += s (g∘w − x̂ mean(g∘w∘x̂)).
  void (*_Nonnull rms_backward)(float *dx, long dx_row, const float *g, long g_row, const float *x,
                                long x_row, const float *w, const float *s, long rows, long width);
  // dw += Σ_rows g ∘ x · s.
  void (*_Nonnull rms_weight)(float *dw, const float *g, long g_row, const float *x, long x_row,
                              const float *s, long s_step, long rows, long width);

  // Normalises and rotates heads: x is [rows, heads · width] inside rows of x_row. cosine and sine are
  // [rows, width / 2]; s is [rows, heads] inside rows of s_row.
  void (*_Nonnull rope)(float *out, long out_row, const float *x, long x_row, const float *w,
                        float *s, long s_row, const float *cosine, const float *sine, long rows,
                        long heads, long width, float eps);
  // The gradient of rope, in two steps: g is rotated back in place, then dx = rms_backward(g).
  void (*_Nonnull rope_backward)(float *dx, long dx_row, float *g, long g_row, const float *x,
                                 long x_row, const float *w, const float *s, long s_row,
                                 const float *cosine, const float *sine, long rows, long heads,
                                 long width);

  // out[i] = silu(x[i]) · x[i + width], x rows hold gate then up.
  void (*_Nonnull silu)(float *out, long out_row, const float *x, long x_row, long rows,
                        long width);
  // dx rows hold the gradients of gate then up; g is that of the product.
  void (*_Nonnull silu_backward)(float *dx, long dx_row, const float *g, long g_row,
                                 const float *x, long x_row, long rows, long width);

  // Row i keeps `first + i` scores: p = exp(scale·(p − max)), zero from there to `width`. sum[i] and
  // lse[i · lse_step] (of scaled scores) are kept.
  void (*_Nonnull causal_softmax)(float *p, long p_row, float *sum, float *lse, long lse_step,
                                  long rows, long first, long width, float scale);
  // p: scores to probabilities exp(scale·p − lse); d: gradients of probabilities to gradients of
  // scores scale·p·(d − dot). Row i keeps `first + i`; zero from there to `width`.
  void (*_Nonnull causal_backward)(float *p, float *d, long row, const float *lse, long lse_step,
                                   const float *dot, long rows, long first, long width,
                                   float scale);

  // log Σ exp(x) of each row; `largest` is kept too.
  void (*_Nonnull logsumexp)(const float *x, long x_row, float *lse, float *largest, long rows,
                             long width);
  // The largest element.
  float (*_Nonnull largest)(const float *x, long count);

  // x = factor · exp(x − lse) for one row.
  void (*_Nonnull softmax_gradient)(float *x, float lse, float factor, long width);

  // out = exp((x − largest) / temperature) in double; 0 below e^-708.
  void (*_Nonnull weights)(double *out, const float *x, double largest, double temperature,
                           long width);

  // Σ a·b.
  float (*_Nonnull dot)(const float *a, const float *b, long count);
  // x *= factor.
  void (*_Nonnull scale)(float *x, float factor, long count);
  // x += y.
  void (*_Nonnull add)(float *x, const float *y, long count);

  // One AdamW update; c1 and c2 are 1 − βᵗ. The gradient is multiplied by `factor` first.
  void (*_Nonnull adam)(float *p, float *m, float *v, const float *g, long count, float factor,
                        float rate, float beta1, float beta2, float c1, float c2, float eps,
                        float decay);

  // out = (x − mean) / √(var + eps) ∘ w + b.
  void (*_Nonnull layer_norm)(float *out, long out_row, const float *x, long x_row, const float *w,
                              const float *b, long rows, long width, float eps);
} tk_kernels;

// The classes, slowest first.
enum { TK_CLASS_BASE = 0, TK_CLASS_AVX2 = 1, TK_CLASS_AVX512 = 2 };

// The table of a class, or null when this processor or build does not have it.
const tk_kernels *_Nullable tk_kernels_of_class(int kernel_class);

// Packs b[k, n] given by strides into panels `panel` floats apart; pads with zeros.
void tk_pack(float *out, long panel, const float *b, long b_row, long b_col, long k, long n);

// out[i, j] = in[i, j], both by strides.
void tk_copy(float *out, long out_row, long out_col, const float *in, long in_row, long in_col,
             long rows, long columns);

// Widening; `in` need not be aligned.
void tk_widen_bf16(float *out, const void *in, long count);
void tk_widen_f16(float *out, const void *in, long count);

// Σ x² in double, in order of sixteen lanes.
double tk_sum_of_squares(const float *x, long count);

// Rotates heads in place: x is [rows, heads · width] inside rows of x_row, cosine and sine are
// [rows, width / 2].
void tk_rotate(float *x, long x_row, const float *cosine, const float *sine, long rows, long heads,
               long width);

// x = x · Φ(x), and its tanh form.
void tk_gelu_erf(float *x, long count);
void tk_gelu_tanh(float *x, long count);

#pragma clang assume_nonnull end
#endif
