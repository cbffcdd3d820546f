#include "addresses.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// Whether an address may be reached from the open internet: not this machine, not a private, shared,
// link-local, documentation, multicast or reserved range.
static int is_public_ipv4(uint32_t address) {
  static const struct {
    uint32_t base;
    int bits;
  } closed[] = {
      {0x00000000, 8},  {0x0A000000, 8},  {0x64400000, 10}, {0x7F000000, 8},  {0xA9FE0000, 16},
      {0xAC100000, 12}, {0xC0000000, 24}, {0xC0000200, 24}, {0xC0A80000, 16}, {0xC6120000, 15},
      {0xC6336400, 24}, {0xCB007100, 24}, {0xE0000000, 3},
  };
  for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++) {
    uint32_t mask = 0xFFFFFFFFu << (32 - closed[i].bits);
    if ((address & mask) == closed[i].base) return 0;
  }
  return 1;
}

static int is_public_address(const struct sockaddr *address) {
  if (address->sa_family == AF_INET) {
    struct sockaddr_in v4;
    memcpy(&v4, address, sizeof v4);
    return is_public_ipv4(ntohl(v4.sin_addr.s_addr));
  }
  if (address->sa_family != AF_INET6) return 0;
  struct sockaddr_in6 v6;
  memcpy(&v6, address, sizeof v6);
  const uint8_t *b = v6.sin6_addr.s6_addr;
  static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  static const uint8_t translated[12] = {0, 0x64, 0xFF, 0x9B};
  if (!memcmp(b, mapped, 12) || !memcmp(b, translated, 12)) {
    uint32_t v4 = (uint32_t)b[12] << 24 | (uint32_t)b[13] << 16 | (uint32_t)b[14] << 8 | b[15];
    return is_public_ipv4(v4);
  }
  // Only global unicast, without the documentation range and 6to4.
  if ((b[0] & 0xE0) != 0x20) return 0;
  if (b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0D && b[3] == 0xB8) return 0;
  if (b[0] == 0x20 && b[1] == 0x02) return 0;
  return 1;
}

curl_socket_t tk_open_public_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
  (void)context;
  (void)purpose;
  if (!is_public_address(&address->addr)) return CURL_SOCKET_BAD;
  return socket(address->family, address->socktype, address->protocol);
}
