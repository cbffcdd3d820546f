#ifndef TINKERKIT_CCURL_H
#define TINKERKIT_CCURL_H

// libcurl, loaded on first use: with OpenSSL, Kerberos and LDAP behind it, it would take three times as long to start
// as everything else in the command does, and most commands never open a connection.
//
// The functions are those of libcurl under the prefix `tk_curl`. Before `tk_curl_load` has returned NULL none of them may
// be called. Swift does not import variadic functions, so each type of argument gets a function of its own.

#include <curl/curl.h>

// Loads libcurl and sets it up, once for the process. Returns NULL, or why it failed; may be called from any thread.
const char *tk_curl_load(void);

CURL *tk_curl_easy_init(void);
void tk_curl_easy_reset(CURL *easy);
void tk_curl_easy_cleanup(CURL *easy);
const char *tk_curl_easy_strerror(CURLcode code);

CURLcode tk_curl_set_long(CURL *easy, CURLoption option, long value);
CURLcode tk_curl_set_off_t(CURL *easy, CURLoption option, curl_off_t value);
CURLcode tk_curl_set_string(CURL *easy, CURLoption option, const char *value);
CURLcode tk_curl_set_pointer(CURL *easy, CURLoption option, void *value);

typedef size_t (*tk_curl_data_callback)(char *bytes, size_t size, size_t count, void *context);
CURLcode tk_curl_set_data_callback(CURL *easy, CURLoption option, tk_curl_data_callback callback);

// Looks at each address after names are resolved, and opens no socket to one that is not of the open internet.
CURLcode tk_curl_refuse_private_addresses(CURL *easy);

CURLcode tk_curl_get_long(CURL *easy, CURLINFO info, long *value);
CURLcode tk_curl_get_pointer(CURL *easy, CURLINFO info, void **value);

struct curl_slist *tk_curl_slist_append(struct curl_slist *list, const char *text);
void tk_curl_slist_free_all(struct curl_slist *list);

CURLM *tk_curl_multi_init(void);
void tk_curl_multi_cleanup(CURLM *multi);
CURLMcode tk_curl_multi_set_long(CURLM *multi, CURLMoption option, long value);
CURLMcode tk_curl_multi_add_handle(CURLM *multi, CURL *easy);
CURLMcode tk_curl_multi_remove_handle(CURLM *multi, CURL *easy);
CURLMcode tk_curl_multi_perform(CURLM *multi, int *running);
CURLMsg *tk_curl_multi_info_read(CURLM *multi, int *left);
CURLMcode tk_curl_multi_poll(CURLM *multi, int milliseconds);
CURLMcode tk_curl_multi_wakeup(CURLM *multi);
// The members of CURLMsg's union are reached here.
CURLcode tk_curl_message_result(const CURLMsg *message);

#endif
