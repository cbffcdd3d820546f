// The row kernels of one class. Included once a class, inside its target attribute, after
// matmul_body.h. Sums run over sixteen lanes that are then added in a fixed tree, so every class adds
// in the same order; a short end is padded with zeros.

static float FN(tree)(const float *lane) {
  float t[8];
  for (int i = 0; i < 8; i++) t[i] = lane[i] + lane[i + 8];
  for (int i = 0; i < 4; i++) t[i] += t[i + 4];
  return (t[0] + t[2]) + (t[1] + t[3]);
}

// Σ a·b·c over count elements; c may be null.
static __attribute__((always_inline)) inline float FN(sum_of)(const float *a, const float *b,
                                                              const float *c, long count) {
  FN(v16) acc = (FN(v16))(0.0f);
  long i = 0;
  for (; i + 16 <= count; i += 16) {
    FN(v16) x = LOAD(a + i);
    if (c) x *= LOAD(c + i);
    acc += x * LOAD(b + i);
  }
  float lane[16];
  STORE(lane, acc);
  for (long j = 0; i < count; i++, j++) {
    float x = a[i];
    if (c) x *= c[i];
    lane[j] += x * b[i];
  }
  return FN(tree)(lane);
}

static float FN(dot)(const float *a, const float *b, long count) {
  return FN(sum_of)(a, b, 0, count);
}

static void FN(scale)(float *x, float factor, long count) {
  for (long i = 0; i < count; i++) x[i] *= factor;
}

static void FN(add)(float *x, const float *y, long count) {
  for (long i = 0; i < count; i++) x[i] += y[i];
}

// eˣ with relative error below 1e-7 (polynomial of Cephes' range and degree); 0 below −87.3, and
// e^88 above 88. Plain arithmetic, so that loops over it become vectors.
static __attribute__((always_inline)) inline float FN(exponential)(float x) {
  float y = x < -87.3f ? -87.3f : x;
  y = y > 88.0f ? 88.0f : y;
  y = x == x ? y : 0.0f;  // what is no number becomes no integer
  const float magic = 12582912.0f;
  float n = y * 1.44269504088896341f + magic;
  n -= magic;
  float f = y - n * 0.693359375f;
  f += n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * f + 1.3981999507e-3f;
  p = p * f + 8.3334519073e-3f;
  p = p * f + 4.1665795894e-2f;
  p = p * f + 1.6666665459e-1f;
  p = p * f + 5.0000001201e-1f;
  p = p * (f * f) + f + 1.0f;
  union { int32_t bits; float value; } power = {.bits = ((int32_t)n + 127) * 8388608};
  float result = x < -87.3f ? 0.0f : p * power.value;
  return x == x ? result : x;
}

static float FN(row_max)(const float *x, long count) {
  float largest = x[0];
  long i = 0;
  if (count >= 16) {
    FN(v16) m = LOAD(x);
    for (i = 16; i + 16 <= count; i += 16) m = __builtin_elementwise_max(m, LOAD(x + i));
    float lane[16];
    STORE(lane, m);
    largest = lane[0];
    for (int j = 1; j < 16; j++) largest = lane[j] > largest ? lane[j] : largest;
  }
  for (; i < count; i++) largest = x[i] > largest ? x[i] : largest;
  return largest;
}

static void FN(rms)(float *out, long out_row, const float *x, long x_row, const float *w, float *s,
                    long rows, long width, float eps) {
  for (long r = 0; r < rows; r++) {
    const float *in = x + r * x_row;
    float *to = out + r * out_row;
    float inverse = 1.0f / sqrtf(FN(sum_of)(in, in, 0, width) / (float)width + eps);
    s[r] = inverse;
    for (long i = 0; i < width; i++) to[i] = w[i] * (in[i] * inverse);
  }
}

static __attribute__((always_inline)) inline void FN(rms_row_backward)(
    float *dx, const float *g, const float *x, const float *w, float s, long width,
    int accumulate) {
  // mean(g∘w∘x̂) · s² is the factor of x.
  float inner = FN(sum_of)(g, x, w, width) * s / (float)width;
  float along = inner * s * s;
  if (accumulate) {
    for (long i = 0; i < width; i++) dx[i] += s * (g[i] * w[i]) - along * x[i];
  } else {
    for (long i = 0; i < width; i++) dx[i] = s * (g[i] * w[i]) - along * x[i];
  }
}

static void FN(rms_backward)(float *dx, long dx_row, const float *g, long g_row, const float *x,
                             long x_row, const float *w, const float *s, long rows, long width) {
  for (long r = 0; r < rows; r++)
    FN(rms_row_backward)(dx + r * dx_row, g + r * g_row, x + r * x_row, w, s[r], width, 1);
}

static void FN(rms_weight)(float *dw, const float *g, long g_row, const float *x, long x_row,
                           const float *s, long s_step, long rows, long width) {
  for (long r = 0; r < rows; r++) {
    const float *gr = g + r * g_row, *xr = x + r * x_row;
    float factor = s[r * s_step];
    for (long i = 0; i < width; i++) dw[i] += gr[i] * (xr[i] * factor);
  }
}

static void FN(rope)(float *out, long out_row, const float *x, long x_row, const float *w, float *s,
                     long s_row, const float *cosine, const float *sine, long rows, long heads,
                     long width, float eps) {
  const long half = width / 2;
  for (long r = 0; r < rows; r++) {
    const float *cr = cosine + r * half, *sr = sine + r * half;
    for (long n = 0; n < heads; n++) {
      const float *in = x + r * x_row + n * width;
      float *to = out + r * out_row + n * width;
      float inverse = 1.0f / sqrtf(FN(sum_of)(in, in, 0, width) / (float)width + eps);
      s[r * s_row + n] = inverse;
      for (long i = 0; i < half; i++) {
        float a = w[i] * (in[i] * inverse), b = w[i + half] * (in[i + half] * inverse);
        to[i] = a * cr[i] - b * sr[i];
        to[i + half] = b * cr[i] + a * sr[i];
      }
    }
  }
}

static void FN(rope_backward)(float *dx, long dx_row, float *g, long g_row, const float *x,
                              long x_row, const float *w, const float *s, long s_row,
                              const float *cosine, const float *sine, long rows, long heads,
                              long width) {
  const long half = width / 2;
  for (long r = 0; r < rows; r++) {
    const float *cr = cosine + r * half, *sr = sine + r * half;
    for (long n = 0; n < heads; n++) {
      float *gh = g + r * g_row + n * width;
      for (long i = 0; i < half; i++) {
        float a = gh[i], b = gh[i + half];
        gh[i] = a * cr[i] + b * sr[i];
        gh[i + half] = b * cr[i] - a * sr[i];
      }
      FN(rms_row_backward)(dx + r * dx_row + n * width, gh, x + r * x_row + n * width, w,
                           s[r * s_row + n], width, 0);
    }
  }
}

static void FN(silu)(float *out, long out_row, const float *x, long x_row, long rows, long width) {
  for (long r = 0; r < rows; r++) {
    const float *gate = x + r * x_row, *up = gate + width;
    float *to = out + r * out_row;
    for (long i = 0; i < width; i++)
      to[i] = gate[i] / (1.0f + FN(exponential)(-gate[i])) * up[i];
  }
}

static void FN(silu_backward)(float *dx, long dx_row, const float *g, long g_row, const float *x,
                              long x_row, long rows, long width) {
  for (long r = 0; r < rows; r++) {
    const float *gate = x + r * x_row, *up = gate + width, *gr = g + r * g_row;
    float *dgate = dx + r * dx_row, *dup = dgate + width;
    for (long i = 0; i < width; i++) {
      float sigma = 1.0f / (1.0f + FN(exponential)(-gate[i]));
      float activated = gate[i] * sigma;
      dgate[i] = gr[i] * up[i] * (sigma + activated * (1.0f - sigma));
      dup[i] = gr[i] * activated;
    }
  }
}

// x = exp(factor·x − shift) and the sum, in sixteen lanes.
static __attribute__((always_inline)) inline float FN(exp_sum)(float *x, float factor, float shift,
                                                               long count) {
  for (long i = 0; i < count; i++) x[i] = FN(exponential)(x[i] * factor - shift);
  FN(v16) acc = (FN(v16))(0.0f);
  long i = 0;
  for (; i + 16 <= count; i += 16) acc += LOAD(x + i);
  float lane[16];
  STORE(lane, acc);
  for (long j = 0; i < count; i++, j++) lane[j] += x[i];
  return FN(tree)(lane);
}

static void FN(causal_softmax)(float *p, long p_row, float *sum, float *lse, long lse_step,
                               long rows, long first, long width, float scale) {
  for (long r = 0; r < rows; r++) {
    float *row = p + r * p_row;
    const long count = first + r < width ? first + r : width;
    float largest = FN(row_max)(row, count) * scale;
    float total = FN(exp_sum)(row, scale, largest, count);
    for (long i = count; i < width; i++) row[i] = 0;
    sum[r] = total;
    lse[r * lse_step] = largest + (float)log((double)total);
  }
}

static void FN(causal_backward)(float *p, float *d, long row, const float *lse, long lse_step,
                                const float *dot, long rows, long first, long width, float scale) {
  for (long r = 0; r < rows; r++) {
    float *pr = p + r * row, *dr = d + r * row;
    const long count = first + r < width ? first + r : width;
    const float shift = lse[r * lse_step], mean = dot[r];
    for (long i = 0; i < count; i++) {
      float value = FN(exponential)(pr[i] * scale - shift);
      pr[i] = value;
      dr[i] = scale * value * (dr[i] - mean);
    }
    for (long i = count; i < width; i++) pr[i] = dr[i] = 0;
  }
}

static void FN(logsumexp)(const float *x, long x_row, float *lse, float *largest, long rows,
                          long width) {
  for (long r = 0; r < rows; r++) {
    const float *row = x + r * x_row;
    const float shift = FN(row_max)(row, width);
    float lane[16] = {0};
    long i = 0;
    for (; i + 16 <= width; i += 16)
      for (int j = 0; j < 16; j++) lane[j] += FN(exponential)(row[i + j] - shift);
    for (int j = 0; i < width; i++, j++) lane[j] += FN(exponential)(row[i] - shift);
    largest[r] = shift;
    lse[r] = shift + (float)log((double)FN(tree)(lane));
  }
}

static void FN(softmax_gradient)(float *x, float lse, float factor, long width) {
  for (long i = 0; i < width; i++) x[i] = factor * FN(exponential)(x[i] - lse);
}

// eʸ for y from −708 to 0 by its series, relative error a few units in the last place.
static void FN(weights)(double *out, const float *x, double largest, double temperature,
                        long width) {
  const double magic = 0x1.8p52;
  for (long i = 0; i < width; i++) {
    const double wanted = ((double)x[i] - largest) / temperature;
    const double y = wanted < -708.0 ? -708.0 : wanted;
    union { double value; int64_t bits; } shifted = {.value = y * 1.4426950408889634 + magic};
    const double n = shifted.value - magic;
    double f = y - n * 6.93145751953125e-1;
    f -= n * 1.42860682030941723e-6;
    double p = 1.6059043836821613e-10;  // 1 / 13!
    p = p * f + 2.08767569878681e-09;
    p = p * f + 2.505210838544172e-08;
    p = p * f + 2.755731922398589e-07;
    p = p * f + 2.7557319223985893e-06;
    p = p * f + 2.48015873015873e-05;
    p = p * f + 1.984126984126984e-04;
    p = p * f + 1.388888888888889e-03;
    p = p * f + 8.333333333333333e-03;
    p = p * f + 4.1666666666666664e-02;
    p = p * f + 1.6666666666666666e-01;
    p = p * f + 0.5;
    p = p * f + 1.0;
    p = p * f + 1.0;
    // The low bits of the shifted number are n in two's complement.
    union { int64_t bits; double value; } power = {.bits = (int64_t)((uint64_t)(shifted.bits + 1023) << 52)};
    out[i] = wanted < -708.0 ? 0.0 : p * power.value;
  }
}

static void FN(adam)(float *p, float *m, float *v, const float *g, long count, float factor,
                     float rate, float beta1, float beta2, float c1, float c2, float eps,
                     float decay) {
  for (long i = 0; i < count; i++) {
    float gi = g[i] * factor;
    float mi = beta1 * m[i] + (1.0f - beta1) * gi;
    float vi = beta2 * v[i] + (1.0f - beta2) * (gi * gi);
    m[i] = mi;
    v[i] = vi;
    p[i] = p[i] * (1.0f - decay) - rate * (mi / c1) / (sqrtf(vi / c2) + eps);
  }
}

static void FN(layer_norm)(float *out, long out_row, const float *x, long x_row, const float *w,
                           const float *b, long rows, long width, float eps) {
  for (long r = 0; r < rows; r++) {
    const float *in = x + r * x_row;
    float *to = out + r * out_row;
    float lane[16] = {0};
    for (long i = 0; i < width; i++) lane[i & 15] += in[i];
    float mean = FN(tree)(lane) / (float)width;
    for (long i = 0; i < width; i++) to[i] = in[i] - mean;
    float inverse = 1.0f / sqrtf(FN(sum_of)(to, to, 0, width) / (float)width + eps);
    for (long i = 0; i < width; i++) to[i] = to[i] * inverse * w[i] + b[i];
  }
}

#undef LOAD
#undef STORE
#undef TILE_CASE

static const tk_kernels FN(table) = {
    .name = TK_NAME,
    .matmul = FN(matmul),
    .rms = FN(rms),
    .rms_backward = FN(rms_backward),
    .rms_weight = FN(rms_weight),
    .rope = FN(rope),
    .rope_backward = FN(rope_backward),
    .silu = FN(silu),
    .silu_backward = FN(silu_backward),
    .causal_softmax = FN(causal_softmax),
    .causal_backward = FN(causal_backward),
    .logsumexp = FN(logsumexp),
    .softmax_gradient = FN(softmax_gradient),
    .weights = FN(weights),
    .largest = FN(row_max),
    .dot = FN(dot),
    .scale = FN(scale),
    .add = FN(add),
    .adam = FN(adam),
    .layer_norm = FN(layer_norm),
};
