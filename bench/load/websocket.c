// RFC 6455, as much as a client of a well-behaved server needs.
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "load.h"

// Fixed, but not zero: servers skip the unmasking of a zero key, real clients never send one.
static const uint8_t mask[4] = {0x37, 0xfa, 0x21, 0x3d};

void upgrade(Conn *conn, const char *path, const char *cookie) {
  char request[1024];
  snprintf(request, sizeof request,
           "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\n"
           "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s%s%s\r\n",
           path, port_of(conn), port_of(conn), cookie ? "Cookie: " : "", cookie ? cookie : "",
           cookie ? "\r\n" : "");
  put_text(conn, request);
}

static uint8_t *put_masked(uint8_t *at, size_t phase, const uint8_t *bytes, size_t length) {
  for (size_t i = 0; i < length; i++) at[i] = bytes[i] ^ mask[(phase + i) & 3];
  return at + length;
}

void put_frame(Conn *conn, int opcode, const void *head, size_t head_length, const void *body,
               size_t body_length) {
  size_t length = head_length + body_length;
  uint8_t *at = room(conn, length + 8);
  uint8_t *start = at;
  *at++ = (uint8_t)(0x80 | opcode);
  if (length < 126) {
    *at++ = (uint8_t)(0x80 | length);
  } else {
    *at++ = 0x80 | 126;
    *at++ = (uint8_t)(length >> 8);
    *at++ = (uint8_t)length;
  }
  memcpy(at, mask, 4);
  at = put_masked(at + 4, 0, head, head_length);
  at = put_masked(at, head_length, body, body_length);
  conn->out_length += (size_t)(at - start);
}

void put_text_frame(Conn *conn, const char *text) {
  put_frame(conn, TEXT, text, strlen(text), NULL, 0);
}

static size_t take_answer(Conn *conn, const uint8_t *bytes, size_t length) {
  const uint8_t *end = memmem(bytes, length, "\r\n\r\n", 4);
  if (!end) return 0;
  if (!memmem(bytes, (size_t)(end - bytes), " 101 ", 5))
    fail("the server refuses the WebSocket: %.60s", (const char *)bytes);
  conn->stage = 1;
  return (size_t)(end - bytes) + 4;
}

static void take_control(Conn *conn, int opcode, const uint8_t *bytes, size_t length) {
  if (opcode == 9) put_frame(conn, 10, bytes, length, NULL, 0);
  if (opcode == 8)
    fail("the server closes client %u with code %d", conn->id,
         length < 2 ? 0 : bytes[0] << 8 | bytes[1]);
}

size_t take_frames(Conn *conn, uint8_t *bytes, size_t length, OnFrame on_frame,
                   void (*on_open)(Conn *)) {
  size_t used = 0;
  if (conn->stage == 0) {
    used = take_answer(conn, bytes, length);
    if (used && on_open) on_open(conn);
  }
  while (conn->stage > 0 && length - used >= 2) {
    const uint8_t *frame = bytes + used;
    size_t head = 2, size = frame[1];
    if (size > 126) fail("the server sends a masked or endless frame");
    if (size == 126) {
      head = 4;
      if (length - used < head) break;
      size = (size_t)(frame[2] << 8 | frame[3]);
    }
    if (length - used < head + size) break;
    if ((frame[0] & 0xf0) != 0x80) fail("the server sends fragments or compressed frames");
    int opcode = frame[0] & 15;
    if (opcode >= 8) take_control(conn, opcode, frame + head, size);
    else on_frame(conn, opcode, frame + head, size);
    used += head + size;
  }
  return used;
}
