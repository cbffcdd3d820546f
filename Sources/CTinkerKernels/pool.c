#include "tk_pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct tk_pool {
  pthread_mutex_t lock;
  pthread_cond_t begin, end;
  int threads;       // started, without the caller
  int stop;
  unsigned long round;
  int busy;          // threads that have not finished the round
  void (*work)(void *, long, int);
  void *context;
  long count;
  _Atomic long next;
  struct seat { struct tk_pool *pool; int worker; pthread_t thread; } *seats;
};

static void take(tk_pool *pool, int worker) {
  for (;;) {
    long index = atomic_fetch_add_explicit(&pool->next, 1, memory_order_relaxed);
    if (index >= pool->count) return;
    pool->work(pool->context, index, worker);
  }
}

static void *serve(void *argument) {
  struct seat *seat = argument;
  tk_pool *pool = seat->pool;
  unsigned long seen = 0;
  pthread_mutex_lock(&pool->lock);
  for (;;) {
    while (pool->round == seen && !pool->stop) pthread_cond_wait(&pool->begin, &pool->lock);
    if (pool->stop) break;
    seen = pool->round;
    pthread_mutex_unlock(&pool->lock);
    take(pool, seat->worker);
    pthread_mutex_lock(&pool->lock);
    if (--pool->busy == 0) pthread_cond_signal(&pool->end);
  }
  pthread_mutex_unlock(&pool->lock);
  return NULL;
}

tk_pool *tk_pool_create(int threads) {
  tk_pool *pool = calloc(1, sizeof *pool);
  if (!pool) return NULL;
  int wanted = threads > 1 ? threads - 1 : 0;
  pool->seats = calloc((size_t)wanted + 1, sizeof *pool->seats);
  if (!pool->seats) {
    free(pool);
    return NULL;
  }
  pthread_mutex_init(&pool->lock, NULL);
  pthread_cond_init(&pool->begin, NULL);
  pthread_cond_init(&pool->end, NULL);
  for (int i = 0; i < wanted; i++) {
    pool->seats[i].pool = pool;
    pool->seats[i].worker = i + 1;
    if (pthread_create(&pool->seats[i].thread, NULL, serve, &pool->seats[i])) break;
    pool->threads++;
  }
  return pool;
}

void tk_pool_destroy(tk_pool *pool) {
  pthread_mutex_lock(&pool->lock);
  pool->stop = 1;
  pthread_cond_broadcast(&pool->begin);
  pthread_mutex_unlock(&pool->lock);
  for (int i = 0; i < pool->threads; i++) pthread_join(pool->seats[i].thread, NULL);
  pthread_cond_destroy(&pool->begin);
  pthread_cond_destroy(&pool->end);
  pthread_mutex_destroy(&pool->lock);
  free(pool->seats);
  free(pool);
}

void tk_pool_run(tk_pool *pool, void (*work)(void *, long, int), void *context, long count) {
  if (count <= 0) return;
  if (count == 1 || pool->threads == 0) {
    for (long index = 0; index < count; index++) work(context, index, 0);
    return;
  }
  pthread_mutex_lock(&pool->lock);
  pool->work = work;
  pool->context = context;
  pool->count = count;
  atomic_store_explicit(&pool->next, 0, memory_order_relaxed);
  pool->busy = pool->threads;
  pool->round++;
  pthread_cond_broadcast(&pool->begin);
  pthread_mutex_unlock(&pool->lock);
  take(pool, 0);
  pthread_mutex_lock(&pool->lock);
  while (pool->busy) pthread_cond_wait(&pool->end, &pool->lock);
  pthread_mutex_unlock(&pool->lock);
}
