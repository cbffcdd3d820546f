// A fixed set of threads that take numbered pieces of work. Waiting threads sleep, never spin.
#ifndef TK_POOL_H
#define TK_POOL_H

#pragma clang assume_nonnull begin

typedef struct tk_pool tk_pool;

// Starts `threads - 1` threads; the caller of tk_pool_run is the last. Null if that fails.
tk_pool *_Nullable tk_pool_create(int threads);
void tk_pool_destroy(tk_pool *pool);

// Calls work(context, index, worker) once for each index below count, on any thread, and returns when
// all are done. worker is below the number of threads and belongs to one thread at a time.
void tk_pool_run(tk_pool *pool, void (*work)(void *context, long index, int worker), void *context,
                 long count);

#pragma clang assume_nonnull end
#endif
