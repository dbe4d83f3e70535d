// Sender (8 hex digits) ‖ n (8) ‖ nanoseconds (16) ‖ filler; all of it is checked on arrival.
#include <string.h>

#include "load.h"

static const char digits[] = "0123456789abcdef";

static void put_hex(uint8_t *at, uint64_t value, int width) {
  for (int i = width - 1; i >= 0; i--, value >>= 4) at[i] = (uint8_t)digits[value & 15];
}

static bool get_hex(const uint8_t *at, int width, uint64_t *value) {
  *value = 0;
  for (int i = 0; i < width; i++) {
    int digit = at[i] >= 'a' ? at[i] - 'a' + 10 : at[i] - '0';
    if (digit < 0 || digit > 15) return false;
    *value = *value << 4 | (uint64_t)digit;
  }
  return true;
}

enum { HEAD = 32 };

static const uint8_t *filler(void) {
  static uint8_t bytes[PAYLOAD - HEAD];
  if (!bytes[0])
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)('A' + (i * 7 + i / 26) % 26);
  return bytes;
}

void write_payload(uint8_t *payload, uint32_t id, uint32_t n, uint64_t at) {
  put_hex(payload, id, 8);
  put_hex(payload + 8, n, 8);
  put_hex(payload + 16, at, 16);
  memcpy(payload + HEAD, filler(), PAYLOAD - HEAD);
}

bool read_payload(const uint8_t *payload, uint32_t id, uint32_t *n, uint64_t *at) {
  uint64_t sender, number;
  if (!get_hex(payload, 8, &sender) || !get_hex(payload + 8, 8, &number)) return false;
  if (!get_hex(payload + 16, 16, at)) return false;
  *n = (uint32_t)number;
  return sender == id && memcmp(payload + HEAD, filler(), PAYLOAD - HEAD) == 0;
}
