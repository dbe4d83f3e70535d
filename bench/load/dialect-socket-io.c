// Stock Socket.IO: a binary event is two frames, and the server acknowledges it.
// https://github.com/socketio/socket.io-protocol, version 5
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

static void start(Conn *conn) { upgrade(conn, "/socket.io/?EIO=4&transport=websocket", NULL); }

static void join(Conn *conn) {
  char packet[64] = "40";
  if (conn->peer) snprintf(packet, sizeof packet, "40{\"room\":\"c%u\"}", conn->id / 2);
  put_text_frame(conn, packet);
}

static void on_frame(Conn *conn, int opcode, const uint8_t *bytes, size_t length) {
  if (opcode == BINARY) return deliver(conn, bytes, length);
  if (bytes[0] == '0') return join(conn);
  if (bytes[0] == '2') return put_text_frame(conn, "3");
  if (length < 2 || bytes[0] != '4') fail("unknown packet: %.*s", (int)length, bytes);
  if (bytes[1] == '0') become_ready(conn);
  else if (bytes[1] == '3') {
    uint32_t n = 0;
    for (size_t i = 2; i < length && bytes[i] != '['; i++) n = n * 10 + (bytes[i] - '0');
    if (n != conn->acked + 1) fail("acknowledged %u after %u", n, conn->acked);
    acknowledge(conn, n);
  } else if (bytes[1] != '5') fail("unknown packet: %.*s", (int)length, bytes);
}

static size_t take(Conn *conn, uint8_t *bytes, size_t length) {
  return take_frames(conn, bytes, length, on_frame, NULL);
}

static void message(Conn *conn, uint32_t n, const uint8_t *payload) {
  char packet[80];
  snprintf(packet, sizeof packet, "451-%u[\"message\",{\"_placeholder\":true,\"num\":0}]", n);
  put_text_frame(conn, packet);
  put_frame(conn, BINARY, NULL, 0, payload, PAYLOAD);
}

static void message_no_ack(Conn *conn, uint32_t n, const uint8_t *payload) {
  (void)n;
  put_text_frame(conn, "451-[\"message\",{\"_placeholder\":true,\"num\":0}]");
  put_frame(conn, BINARY, NULL, 0, payload, PAYLOAD);
}

const Dialect socket_io = {"socket.io", true, start, take, message, NULL};
const Dialect socket_io_no_ack = {"socket.io-no-ack", false, start, take, message_no_ack, NULL};
