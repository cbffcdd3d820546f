// The matrix product of one class. Included once a class, inside its target attribute.
// FN names a function of the class, TK_ROWS is the largest number of rows of a tile.

typedef float FN(v16) __attribute__((ext_vector_type(16)));
typedef float FN(v16u) __attribute__((ext_vector_type(16), aligned(4)));
#define LOAD(p) ((FN(v16)) * (const FN(v16u) *)(p))
#define STORE(p, v) (*(FN(v16u) *)(p) = (v))

// One tile: `rows` × (`panels` · 16) elements of c over k steps. rows, panels and packed are
// constants at every call, so the loops unroll and acc lives in registers. With `packed`, a is
// [k, rows]; otherwise rows of a are a_row apart.
static __attribute__((always_inline)) inline void FN(tile)(
    const int rows, const int panels, const int packed, float *c, long c_row, const float *a,
    long a_row, const float *b, long b_panel, long columns, long k, int accumulate) {
  FN(v16) acc[TK_ROWS * 4];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows * panels; i++) acc[i] = (FN(v16))(0.0f);
  for (long step = 0; step < k; step++) {
    FN(v16) right[4];
#pragma clang loop unroll(full)
    for (int p = 0; p < panels; p++) right[p] = LOAD(b + p * b_panel + step * TK_PANEL);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      float left = packed ? a[step * rows + r] : a[r * a_row + step];
#pragma clang loop unroll(full)
      for (int p = 0; p < panels; p++) acc[r * panels + p] += (FN(v16))(left) * right[p];
    }
  }
  if (columns >= panels * TK_PANEL) {
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
      for (int p = 0; p < panels; p++) {
        float *out = c + r * c_row + p * TK_PANEL;
        FN(v16) value = acc[r * panels + p];
        if (accumulate) value += LOAD(out);
        STORE(out, value);
      }
    }
  } else {  // only with one panel
    float edge[TK_PANEL];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      float *out = c + r * c_row;
      STORE(edge, acc[r * panels]);
      for (long j = 0; j < columns; j++) out[j] = accumulate ? out[j] + edge[j] : edge[j];
    }
  }
}

#define TILE_CASE(R)                                                                          \
  case R:                                                                                     \
    FN(tile)(R, 1, packed, c, c_row, a, a_row, b, 0, columns, k, accumulate);                 \
    break;

static __attribute__((always_inline)) inline void FN(tile_of)(
    const int packed, long rows, float *c, long c_row, const float *a, long a_row, const float *b,
    long columns, long k, int accumulate) {
  switch (rows) {
    TILE_CASE(1)
    TILE_CASE(2)
#if TK_ROWS >= 6
    TILE_CASE(3)
    TILE_CASE(4)
    TILE_CASE(5)
    TILE_CASE(6)
#endif
#if TK_ROWS >= 12
    TILE_CASE(7)
    TILE_CASE(8)
    TILE_CASE(9)
    TILE_CASE(10)
    TILE_CASE(11)
    TILE_CASE(12)
#endif
  }
}

static void FN(tile_rows)(long rows, float *c, long c_row, const float *a, long a_row,
                          const float *b, long columns, long k, int accumulate) {
  FN(tile_of)(0, rows, c, c_row, a, a_row, b, columns, k, accumulate);
}

static void FN(tile_packed)(long rows, float *c, long c_row, const float *a, const float *b,
                            long columns, long k, int accumulate) {
  FN(tile_of)(1, rows, c, c_row, a, 0, b, columns, k, accumulate);
}

static void FN(matmul)(float *c, long c_row, const float *a, long a_row, long a_col,
                       const float *b, long b_panel, long m, long n, long k, int accumulate) {
  if (k == 0 && !accumulate) {
    for (long i = 0; i < m; i++)
      for (long j = 0; j < n; j++) c[i * c_row + j] = 0;
  }
  for (long k0 = 0; k0 < k; k0 += TK_DEPTH) {
    const long depth = k - k0 < TK_DEPTH ? k - k0 : TK_DEPTH;
    const int adding = accumulate || k0 > 0;
    const float *bk = b + k0 * TK_PANEL;
    if (a_col == 1) {
      const float *ak = a + k0;
      long j = 0;
      if (m <= 2) {  // a few rows: several panels at once keep the adders busy
        for (; j + 4 * TK_PANEL <= n; j += 4 * TK_PANEL) {
          const float *bj = bk + j / TK_PANEL * b_panel;
          if (m == 1) {
            FN(tile)(1, 4, 0, c + j, c_row, ak, a_row, bj, b_panel, n - j, depth, adding);
          } else {
            FN(tile)(2, 2, 0, c + j, c_row, ak, a_row, bj, b_panel, n - j, depth, adding);
            FN(tile)(2, 2, 0, c + j + 2 * TK_PANEL, c_row, ak, a_row, bj + 2 * b_panel, b_panel,
                     n - j, depth, adding);
          }
        }
      }
      for (; j < n; j += TK_PANEL) {
        const float *bj = bk + j / TK_PANEL * b_panel;
        for (long i = 0; i < m; i += TK_ROWS) {
          const long rows = m - i < TK_ROWS ? m - i : TK_ROWS;
          FN(tile_rows)(rows, c + i * c_row + j, c_row, ak + i * a_row, a_row, bj, n - j, depth,
                        adding);
        }
      }
    } else {
      float packed[TK_ROWS * TK_DEPTH] __attribute__((aligned(64)));
      for (long i = 0; i < m; i += TK_ROWS) {
        const long rows = m - i < TK_ROWS ? m - i : TK_ROWS;
        const float *ak = a + i * a_row + k0 * a_col;
        for (long step = 0; step < depth; step++)
          for (long r = 0; r < rows; r++) packed[step * rows + r] = ak[r * a_row + step * a_col];
        for (long j = 0; j < n; j += TK_PANEL) {
          FN(tile_packed)(rows, c + i * c_row + j, c_row, packed, bk + j / TK_PANEL * b_panel,
                          n - j, depth, adding);
        }
      }
    }
  }
}
