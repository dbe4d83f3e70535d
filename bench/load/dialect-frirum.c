// Frirum's relay frames, as shared/wire/frame.ts describes them, on its Socket.IO transport.
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "load.h"

enum { MESSAGE = 1, RECEIVED = 2, STATUS = 3, GAP = 4 };

// The counsellor's side may need a signed-in socket; the server's ready line then names a cookie.
static bool is_staff(const Conn *conn) { return options.cookie && conn->peer && conn->id % 2; }

static void start(Conn *conn) {
  upgrade(conn, "/socket.io/?EIO=4&transport=websocket", is_staff(conn) ? options.cookie : NULL);
}

static void attach(Conn *conn) {
  char packet[400];
  if (!conn->peer) return become_ready(conn);
  snprintf(packet, sizeof packet,
           "420[\"conversation:attach\",{\"capability\":\"%s\",\"expected\":1}]", conn->token);
  put_text_frame(conn, packet);
}

static void on_text(Conn *conn, const char *text, int length) {
  if (text[0] == '0') put_text_frame(conn, is_staff(conn) ? "40{\"as\":\"staff\"}" : "40{}");
  else if (text[0] == '2') put_text_frame(conn, "3");
  else if (length >= 2 && text[1] == '0') attach(conn);
  else if (length >= 2 && text[1] == '3') {
    if (!memmem(text, (size_t)length, "\"ok\":true", 9))
      fail("the server refuses an attachment: %.*s", length, text);
    become_ready(conn);
  } else if (length >= 2 && text[1] == '4') fail("the server refuses: %.*s", length, text);
  // The rest is news (presence), which a relay's figures do not need.
}

static uint32_t u32(const uint8_t *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void on_frame(Conn *conn, int opcode, const uint8_t *bytes, size_t length) {
  if (opcode == TEXT) return on_text(conn, (const char *)bytes, (int)length);
  if (bytes[0] == MESSAGE && length > 9) return deliver(conn, bytes + 9, length - 9);
  if (bytes[0] == STATUS && length == 9) return acknowledge(conn, u32(bytes + 5));
  fail("relay frame of kind %d and %zu bytes; 4 is a gap", bytes[0], length);
}

static size_t take(Conn *conn, uint8_t *bytes, size_t length) {
  return take_frames(conn, bytes, length, on_frame, NULL);
}

static void put_u32(uint8_t *at, uint32_t value) {
  for (int i = 0; i < 4; i++) at[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void message(Conn *conn, uint32_t n, const uint8_t *payload) {
  uint8_t head[9] = {MESSAGE};
  put_u32(head + 1, n);
  put_u32(head + 5, conn->acked + 1);
  put_frame(conn, BINARY, head, sizeof head, payload, PAYLOAD);
}

static void confirm(Conn *conn, uint32_t from, uint32_t upto) {
  (void)from;
  uint8_t frame[5] = {RECEIVED};
  put_u32(frame + 1, upto);
  put_frame(conn, BINARY, frame, sizeof frame, NULL, 0);
  confirm_frames++;
}

const Dialect frirum = {"frirum", true, start, take, message, confirm};
