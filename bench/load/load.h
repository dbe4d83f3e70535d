// Everything one load generator shares: its connections, its dialects, its counts.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Bytes of text that stand for one sealed message; printable, so that XMPP can carry it unescaped.
#define PAYLOAD 300

typedef struct Conn Conn;

// One client. Clients 2k and 2k+1 are the two parties of conversation k.
struct Conn {
  int fd;
  uint32_t id;
  int stage;  // the dialect's place in its opening
  bool up, ready, writing;
  Conn *peer;
  uint32_t sent, acked, done;    // own messages: sent, told of, and both delivered and told of
  uint32_t received, confirmed;  // the peer's messages: arrived, and acknowledged by this client
  uint8_t *rest;                 // a frame that has not come completely
  size_t rest_length, rest_room;
  uint8_t *out;
  size_t out_from, out_length, out_room;
  const char *token;  // Frirum's capability
  char *address;      // XMPP's full address
};

typedef struct {
  const char *name;
  bool tells_sender;                          // false: nobody tells, delivery alone counts
  void (*start)(Conn *);                      // TCP is up: say the first thing
  size_t (*take)(Conn *, uint8_t *, size_t);  // reads what came, answers how much of it is used up
  void (*message)(Conn *, uint32_t n, const uint8_t *payload);
  void (*confirm)(Conn *, uint32_t from, uint32_t upto);  // NULL: the server tells the sender
} Dialect;

typedef struct {
  const char *mode;
  int port, other_port, clients, window, rate;
  double seconds, warm_up, hold;
  const char *cookie;
} Options;

extern Options options;
extern const Dialect *dialect;
extern uint64_t done_total, confirm_frames;

// The dialects call these.
void become_ready(Conn *);
void deliver(Conn *receiver, const uint8_t *payload, size_t length);
void acknowledge(Conn *sender, uint32_t upto);
void put(Conn *, const void *bytes, size_t length);
void put_text(Conn *, const char *text);
uint8_t *room(Conn *, size_t length);
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

const Dialect *find_dialect(const char *name);
extern const Dialect raw_ws, socket_io, socket_io_no_ack, frirum, xmpp;

// connections.c
typedef void (*Step)(void);
void connect_all(char **tokens);
void turn(int timeout_ms, Step between);
void watch_clock(uint64_t at);
void flush(Conn *);
Conn *client(uint32_t id);
int port_of(const Conn *);

// traffic.c
void saturate(void);
void stop_traffic(void);
void pace_from(uint64_t start, uint64_t until);
void send_due(void);
bool all_done(void);
void measure_between(uint64_t from, uint64_t until);
void print_traffic(void);

// payload.c
void write_payload(uint8_t *payload, uint32_t id, uint32_t n, uint64_t at);
bool read_payload(const uint8_t *payload, uint32_t id, uint32_t *n, uint64_t *at);

uint64_t now_ns(void);

// websocket.c
enum { TEXT = 1, BINARY = 2 };
typedef void (*OnFrame)(Conn *, int opcode, const uint8_t *bytes, size_t length);
void upgrade(Conn *, const char *path, const char *cookie);
size_t take_frames(Conn *, uint8_t *bytes, size_t length, OnFrame on_frame,
                   void (*on_open)(Conn *));
void put_frame(Conn *, int opcode, const void *head, size_t head_length, const void *body,
               size_t body_length);
void put_text_frame(Conn *, const char *text);
