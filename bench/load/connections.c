// Sockets and the one loop they share.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "load.h"

// How many clients open at once: fast, but no flood that would measure the accept queue.
enum { OPENING = 64 };

static int poller, alarm_clock;
static Conn *conns;
static int started, opened;
static char **all_tokens;

Conn *client(uint32_t id) { return &conns[id]; }

static void listen_to(Conn *conn, uint32_t events, int how) {
  struct epoll_event event = {.events = events, .data.ptr = conn};
  if (epoll_ctl(poller, how, conn->fd, &event)) fail("epoll: %s", strerror(errno));
}

// The second party of each conversation may be at another node.
int port_of(const Conn *conn) {
  return options.other_port && conn->id % 2 ? options.other_port : options.port;
}

static void open_one(void) {
  Conn *conn = &conns[started];
  bool talks = strcmp(options.mode, "idle") != 0;
  conn->id = (uint32_t)started;
  conn->peer = talks ? &conns[started ^ 1] : NULL;
  conn->token = all_tokens ? all_tokens[started] : NULL;
  conn->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (conn->fd < 0) fail("socket: %s (is `ulimit -n` high enough?)", strerror(errno));
  int one = 1;
  setsockopt(conn->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  struct sockaddr_in to = {.sin_family = AF_INET,
                           .sin_port = htons((uint16_t)port_of(conn)),
                           .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (connect(conn->fd, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS)
    fail("connect: %s", strerror(errno));
  conn->writing = true;
  listen_to(conn, EPOLLIN | EPOLLOUT, EPOLL_CTL_ADD);
  started++;
}

void become_ready(Conn *conn) {
  conn->ready = true;
  opened++;
}

uint8_t *room(Conn *conn, size_t length) {
  if (conn->out_from && conn->out_from == conn->out_length) conn->out_from = conn->out_length = 0;
  if (conn->out_length + length > conn->out_room) {
    conn->out_room = (conn->out_length + length) * 2;
    conn->out = realloc(conn->out, conn->out_room);
    if (!conn->out) fail("out of memory");
  }
  return conn->out + conn->out_length;
}

void put(Conn *conn, const void *bytes, size_t length) {
  memcpy(room(conn, length), bytes, length);
  conn->out_length += length;
}

void put_text(Conn *conn, const char *text) { put(conn, text, strlen(text)); }

void flush(Conn *conn) {
  while (conn->up && conn->out_from < conn->out_length) {
    ssize_t written =
        send(conn->fd, conn->out + conn->out_from, conn->out_length - conn->out_from, MSG_NOSIGNAL);
    if (written < 0 && errno == EAGAIN) break;
    if (written < 0) fail("client %u cannot send: %s", conn->id, strerror(errno));
    conn->out_from += (size_t)written;
  }
  bool waits = conn->out_from < conn->out_length;
  if (conn->up && waits != conn->writing) {
    conn->writing = waits;
    listen_to(conn, waits ? EPOLLIN | EPOLLOUT : EPOLLIN, EPOLL_CTL_MOD);
  }
}

static void keep_rest(Conn *conn, const uint8_t *bytes, size_t length) {
  if (length > conn->rest_room) {
    conn->rest_room = length;
    free(conn->rest);
    conn->rest = malloc(length);
    if (!conn->rest) fail("out of memory");
  }
  if (length) memcpy(conn->rest, bytes, length);
  conn->rest_length = length;
}

// One read an event; what it brought is acknowledged together, where the dialect can.
static void receive(Conn *conn) {
  static uint8_t inbox[1 << 18];
  size_t have = conn->rest_length;
  if (have) memcpy(inbox, conn->rest, have);
  ssize_t got = recv(conn->fd, inbox + have, sizeof inbox - have, 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) fail("client %u is cut off: %s", conn->id, got ? strerror(errno) : "end");
  size_t used = dialect->take(conn, inbox, have + (size_t)got);
  keep_rest(conn, inbox + used, have + (size_t)got - used);
  if (dialect->confirm && conn->received > conn->confirmed)
    dialect->confirm(conn, conn->confirmed + 1, conn->received);
  conn->confirmed = conn->received;
  if (conn->peer) flush(conn->peer);
}

static void serve(Conn *conn, uint32_t events) {
  if (!conn->up) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(conn->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) fail("connect: %s", strerror(error));
    conn->up = true;
    dialect->start(conn);
  } else if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
    receive(conn);
  }
  flush(conn);
}

void watch_clock(uint64_t at) {
  struct itimerspec when = {.it_value = {(time_t)(at / 1000000000), (long)(at % 1000000000)}};
  timerfd_settime(alarm_clock, TFD_TIMER_ABSTIME, &when, NULL);
}

void turn(int timeout_ms, Step between) {
  struct epoll_event events[256];
  int count = epoll_wait(poller, events, 256, timeout_ms);
  for (int i = 0; i < count; i++) {
    uint64_t times;
    if (events[i].data.ptr) serve(events[i].data.ptr, events[i].events);
    else if (read(alarm_clock, &times, sizeof times) < 0 && errno != EAGAIN) fail("timer");
    if (between) between();
  }
  if (between && !count) between();
}

void connect_all(char **tokens) {
  all_tokens = tokens;
  conns = calloc((size_t)options.clients, sizeof *conns);
  poller = epoll_create1(0);
  alarm_clock = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(poller, EPOLL_CTL_ADD, alarm_clock, &event);
  while (opened < options.clients) {
    while (started < options.clients && started - opened < OPENING) open_one();
    turn(100, NULL);
  }
}
