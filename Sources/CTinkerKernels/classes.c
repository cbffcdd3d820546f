// One copy of the kernels for each processor class, and the choice among them.
#include <math.h>
#include <stddef.h>

#include "tk_kernels.h"

#define JOIN(a, b) a##b
#define JOINED(a, b) JOIN(a, b)
#define FN(name) JOINED(name, TK_SUFFIX)

// On x86-64 SSE2 without fused multiply-add, on arm64 NEON with it.
#define TK_SUFFIX _base
#define TK_NAME "base"
#if defined(__aarch64__)
#define TK_ROWS 6
#else
#define TK_ROWS 2
#endif
#include "matmul_body.h"
#include "rows_body.h"
#undef TK_SUFFIX
#undef TK_NAME
#undef TK_ROWS

#if defined(__x86_64__)

#define TK_SUFFIX _avx2
#define TK_NAME "avx2"
#define TK_ROWS 6
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "matmul_body.h"
#include "rows_body.h"
#pragma clang attribute pop
#undef TK_SUFFIX
#undef TK_NAME
#undef TK_ROWS

#define TK_SUFFIX _avx512
#define TK_NAME "avx512"
#define TK_ROWS 12
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx2,fma,f16c"))), apply_to = function)
#include "matmul_body.h"
#include "rows_body.h"
#pragma clang attribute pop
#undef TK_SUFFIX
#undef TK_NAME
#undef TK_ROWS

#endif

const tk_kernels *tk_kernels_of_class(int kernel_class) {
  switch (kernel_class) {
    case TK_CLASS_BASE:
      return &table_base;
#if defined(__x86_64__)
    case TK_CLASS_AVX2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &table_avx2 : NULL;
    case TK_CLASS_AVX512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                     __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("fma")
                 ? &table_avx512
                 : NULL;
#endif
    default:
      return NULL;
  }
}
