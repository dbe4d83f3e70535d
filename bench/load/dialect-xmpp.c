// XMPP over plain TCP (RFC 6120): anonymous login, direct messages, receipts (XEP-0184).
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

#define HOST "bench.localhost"
#define STREAM                                              \
  "<stream:stream to='" HOST "' xmlns='jabber:client' "     \
  "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

enum { GREETING, SIGNING_IN, GREETING_AGAIN, BINDING };

static void start(Conn *conn) { put_text(conn, "<?xml version='1.0'?>" STREAM); }

// What ends the answer that this step of the opening waits for.
static const char *const ends[] = {"</stream:features>", "/>", "</stream:features>", "</iq>"};

static void read_address(Conn *conn, const char *bytes, size_t length) {
  const char *from = memmem(bytes, length, "<jid>", 5);
  const char *to = memmem(bytes, length, "</jid>", 6);
  if (!from || !to) fail("no address in: %.*s", (int)length, bytes);
  conn->address = strndup(from + 5, (size_t)(to - from - 5));
}

static void open_further(Conn *conn, const char *bytes, size_t length) {
  switch (conn->stage++) {
    case GREETING:
      put_text(conn, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>");
      break;
    case SIGNING_IN:
      if (!memmem(bytes, length, "<success", 8)) fail("login: %.*s", (int)length, bytes);
      put_text(conn, STREAM);
      break;
    case GREETING_AGAIN:
      put_text(conn, "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
      break;
    default:
      read_address(conn, bytes, length);
      become_ready(conn);
  }
}

static void on_stanza(Conn *conn, const char *bytes, size_t length) {
  const char *receipt = memmem(bytes, length, "<received", 9);
  if (receipt) {
    const char *id = memmem(receipt, (size_t)(bytes + length - receipt), " id='", 5);
    if (!id) fail("a receipt without an id: %.*s", (int)length, bytes);
    uint32_t n = (uint32_t)strtoul(id + 5, NULL, 10);
    if (n != conn->acked + 1) fail("acknowledged %u after %u", n, conn->acked);
    return acknowledge(conn, n);
  }
  const char *body = memmem(bytes, length, "<body>", 6);
  const char *end = memmem(bytes, length, "</body>", 7);
  if (!body || !end) fail("unknown stanza: %.*s", (int)length, bytes);
  deliver(conn, (const uint8_t *)body + 6, (size_t)(end - body - 6));
}

static size_t take(Conn *conn, uint8_t *bytes, size_t length) {
  size_t used = 0;
  for (;;) {
    const char *mark = conn->ready ? "</message>" : ends[conn->stage];
    const char *from = (const char *)bytes + used;
    const char *end = memmem(from, length - used, mark, strlen(mark));
    if (!end) return used;
    size_t size = (size_t)(end - from) + strlen(mark);
    if (conn->ready) on_stanza(conn, from, size);
    else open_further(conn, from, size);
    used += size;
  }
}

static void message(Conn *conn, uint32_t n, const uint8_t *payload) {
  char head[300];
  snprintf(head, sizeof head,
           "<message to='%s' type='chat' id='%u'><request xmlns='urn:xmpp:receipts'/><body>",
           conn->peer->address, n);
  put_text(conn, head);
  put(conn, payload, PAYLOAD);
  put_text(conn, "</body></message>");
}

// A receipt names one message, so there is one for each.
static void confirm(Conn *conn, uint32_t from, uint32_t upto) {
  char stanza[300];
  for (uint32_t n = from; n <= upto; n++, confirm_frames++) {
    snprintf(stanza, sizeof stanza,
             "<message to='%s' type='chat'><received xmlns='urn:xmpp:receipts' id='%u'/></message>",
             conn->peer->address, n);
    put_text(conn, stanza);
  }
}

const Dialect xmpp = {"xmpp", true, start, take, message, confirm};
