// A relay of bare binary frames: the peer acknowledges (u8 2 ‖ u32be n, everything up to n).
#include <stdio.h>

#include "load.h"

static void start(Conn *conn) {
  char path[40];
  if (conn->peer) snprintf(path, sizeof path, "/%u/%u", conn->id / 2, conn->id % 2);
  else snprintf(path, sizeof path, "/waiting");
  upgrade(conn, path, NULL);
}

static void on_frame(Conn *conn, int opcode, const uint8_t *bytes, size_t length) {
  if (opcode != BINARY) fail("the relay sends something else than it was given");
  if (length == 5 && bytes[0] == 2)
    acknowledge(conn, (uint32_t)bytes[1] << 24 | (uint32_t)bytes[2] << 16 |
                          (uint32_t)bytes[3] << 8 | bytes[4]);
  else deliver(conn, bytes, length);
}

static size_t take(Conn *conn, uint8_t *bytes, size_t length) {
  return take_frames(conn, bytes, length, on_frame, become_ready);
}

static void message(Conn *conn, uint32_t n, const uint8_t *payload) {
  (void)n;
  put_frame(conn, BINARY, NULL, 0, payload, PAYLOAD);
}

static void confirm(Conn *conn, uint32_t from, uint32_t upto) {
  (void)from;
  uint8_t frame[5] = {2, (uint8_t)(upto >> 24), (uint8_t)(upto >> 16), (uint8_t)(upto >> 8),
                      (uint8_t)upto};
  put_frame(conn, BINARY, frame, sizeof frame, NULL, 0);
  confirm_frames++;
}

const Dialect raw_ws = {"raw-ws", true, start, take, message, confirm};
