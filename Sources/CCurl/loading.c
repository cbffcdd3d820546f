// The table of libcurl's functions, filled once by the dynamic loader.

#include "CCurl.h"
#include "addresses.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

#define FUNCTIONS(X)                                                                                                   \
  X(global_init)                                                                                                       \
  X(easy_init)                                                                                                         \
  X(easy_reset)                                                                                                        \
  X(easy_cleanup)                                                                                                      \
  X(easy_strerror)                                                                                                     \
  X(easy_setopt)                                                                                                       \
  X(easy_getinfo)                                                                                                      \
  X(slist_append)                                                                                                      \
  X(slist_free_all)                                                                                                    \
  X(multi_init)                                                                                                        \
  X(multi_cleanup)                                                                                                     \
  X(multi_setopt)                                                                                                      \
  X(multi_add_handle)                                                                                                  \
  X(multi_remove_handle)                                                                                               \
  X(multi_perform)                                                                                                     \
  X(multi_info_read)                                                                                                   \
  X(multi_poll)                                                                                                        \
  X(multi_wakeup)

// The header's declarations give the types; nothing here refers to a function that the linker would have to find.
static struct {
#define MEMBER(name) __typeof__(curl_##name) *name;
  FUNCTIONS(MEMBER)
} curl;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char failure[512];

static void load(void) {
#ifdef __APPLE__
  static const char *const names[] = {"/usr/lib/libcurl.4.dylib"};
#else
  // One ABI in two builds, which differ in the TLS library behind them.
  static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};
#endif
  void *library = NULL;
  for (size_t i = 0; i < sizeof names / sizeof names[0] && !library; i++) {
    library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!library && i == 0) snprintf(failure, sizeof failure, "libcurl is needed and cannot be loaded: %s", dlerror());
  }
  if (!library) return;
  failure[0] = 0;
#define FIND(name)                                                                                                     \
  curl.name = (__typeof__(curl.name))dlsym(library, "curl_" #name);                                                    \
  if (!curl.name) {                                                                                                    \
    snprintf(failure, sizeof failure, "libcurl 7.68 or later is needed: the one here has no curl_" #name);             \
    return;                                                                                                            \
  }
  FUNCTIONS(FIND)
  CURLcode code = curl.global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) snprintf(failure, sizeof failure, "libcurl cannot be set up: %s", curl.easy_strerror(code));
}

const char *tk_curl_load(void) {
  pthread_once(&once, load);
  return failure[0] ? failure : NULL;
}

CURL *tk_curl_easy_init(void) { return curl.easy_init(); }
void tk_curl_easy_reset(CURL *easy) { curl.easy_reset(easy); }
void tk_curl_easy_cleanup(CURL *easy) { curl.easy_cleanup(easy); }
const char *tk_curl_easy_strerror(CURLcode code) { return curl.easy_strerror(code); }

CURLcode tk_curl_set_long(CURL *easy, CURLoption option, long value) { return curl.easy_setopt(easy, option, value); }

CURLcode tk_curl_set_off_t(CURL *easy, CURLoption option, curl_off_t value) {
  return curl.easy_setopt(easy, option, value);
}

CURLcode tk_curl_set_string(CURL *easy, CURLoption option, const char *value) {
  return curl.easy_setopt(easy, option, value);
}

CURLcode tk_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
  return curl.easy_setopt(easy, option, value);
}

CURLcode tk_curl_set_data_callback(CURL *easy, CURLoption option, tk_curl_data_callback callback) {
  return curl.easy_setopt(easy, option, callback);
}

CURLcode tk_curl_refuse_private_addresses(CURL *easy) {
  return curl.easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, tk_open_public_socket);
}

CURLcode tk_curl_get_long(CURL *easy, CURLINFO info, long *value) { return curl.easy_getinfo(easy, info, value); }
CURLcode tk_curl_get_pointer(CURL *easy, CURLINFO info, void **value) { return curl.easy_getinfo(easy, info, value); }

struct curl_slist *tk_curl_slist_append(struct curl_slist *list, const char *text) {
  return curl.slist_append(list, text);
}

void tk_curl_slist_free_all(struct curl_slist *list) { curl.slist_free_all(list); }

CURLM *tk_curl_multi_init(void) { return curl.multi_init(); }
void tk_curl_multi_cleanup(CURLM *multi) { curl.multi_cleanup(multi); }

CURLMcode tk_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl.multi_setopt(multi, option, value);
}

CURLMcode tk_curl_multi_add_handle(CURLM *multi, CURL *easy) { return curl.multi_add_handle(multi, easy); }
CURLMcode tk_curl_multi_remove_handle(CURLM *multi, CURL *easy) { return curl.multi_remove_handle(multi, easy); }
CURLMcode tk_curl_multi_perform(CURLM *multi, int *running) { return curl.multi_perform(multi, running); }
CURLMsg *tk_curl_multi_info_read(CURLM *multi, int *left) { return curl.multi_info_read(multi, left); }

CURLMcode tk_curl_multi_poll(CURLM *multi, int milliseconds) {
  return curl.multi_poll(multi, NULL, 0, milliseconds, NULL);
}

CURLMcode tk_curl_multi_wakeup(CURLM *multi) { return curl.multi_wakeup(multi); }
CURLcode tk_curl_message_result(const CURLMsg *message) { return message->data.result; }
