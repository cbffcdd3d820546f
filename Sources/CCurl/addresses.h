#ifndef TINKERKIT_CCURL_ADDRESSES_H
#define TINKERKIT_CCURL_ADDRESSES_H

#include <curl/curl.h>

// For CURLOPT_OPENSOCKETFUNCTION: a socket for an address of the open internet, and CURL_SOCKET_BAD for any other.
curl_socket_t tk_open_public_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address);

#endif
