// Which message is sent when, and what became of it.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

uint64_t done_total, confirm_frames;

static bool is_saturating;
static uint64_t from_ns, until_ns;  // messages meant for this time are measured

typedef struct {
  uint32_t *values;
  size_t count, room;
} Samples;
static Samples delivery, lateness;

static void add(Samples *samples, uint64_t ns) {
  if (samples->count == samples->room) {
    samples->room = samples->room ? samples->room * 2 : 1 << 16;
    samples->values = realloc(samples->values, samples->room * sizeof *samples->values);
    if (!samples->values) fail("out of memory");
  }
  samples->values[samples->count++] = ns > UINT32_MAX ? UINT32_MAX : (uint32_t)ns;
}

static bool is_measured(uint64_t at) { return at >= from_ns && at < until_ns; }

void measure_between(uint64_t from, uint64_t until) {
  from_ns = from;
  until_ns = until;
}

static void send_one(Conn *conn, uint64_t meant_for) {
  uint8_t payload[PAYLOAD];
  write_payload(payload, conn->id, ++conn->sent, meant_for);
  dialect->message(conn, conn->sent, payload);
}

static void fill_window(Conn *sender) {
  uint64_t now = now_ns();
  while (sender->sent - sender->done < (uint32_t)options.window) send_one(sender, now);
}

// A message is done when the peer has it and its sender has been told so.
static void settle(Conn *sender) {
  uint32_t delivered = sender->peer->received;
  uint32_t done = !dialect->tells_sender || sender->acked > delivered ? delivered : sender->acked;
  if (done == sender->done) return;
  done_total += done - sender->done;
  sender->done = done;
  if (is_saturating) fill_window(sender);
}

void deliver(Conn *receiver, const uint8_t *payload, size_t length) {
  uint32_t n = 0;
  uint64_t at = 0;
  if (!receiver->peer) fail("a message for a client without a conversation");
  if (length != PAYLOAD || !read_payload(payload, receiver->peer->id, &n, &at))
    fail("client %u got %zu bytes that its peer did not send", receiver->id, length);
  if (n != receiver->received + 1)
    fail("client %u got message %u after %u", receiver->id, n, receiver->received);
  receiver->received = n;
  if (is_measured(at)) add(&delivery, now_ns() - at);
  settle(receiver->peer);
}

void acknowledge(Conn *sender, uint32_t upto) {
  if (!sender->peer || upto > sender->sent) fail("%u acknowledged before it was sent", upto);
  if (dialect->confirm && upto > sender->peer->received)
    fail("%u acknowledged before it was delivered", upto);
  if (upto > sender->acked) sender->acked = upto;
  settle(sender);
}

void saturate(void) {
  is_saturating = true;
  for (int id = 0; id < options.clients; id++) {
    fill_window(client((uint32_t)id));
    flush(client((uint32_t)id));
  }
}

void stop_traffic(void) { is_saturating = false; }

bool all_done(void) {
  for (int id = 0; id < options.clients; id++)
    if (client((uint32_t)id)->sent != client((uint32_t)id)->done) return false;
  return true;
}

// Every client in turn, in a shuffled order, at a random moment inside the message's own slot.
static uint32_t *order;
static uint64_t pace_start, pace_until, due, due_count;

static uint64_t random_below(uint64_t limit) {
  static uint64_t state = 0x9e3779b97f4a7c15u;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state % limit;
}

static void plan_next(void) {
  uint64_t slot = 1000000000u / (uint64_t)options.rate;
  due = pace_start + due_count++ * slot + random_below(slot);
  if (due < pace_until) watch_clock(due);
}

void pace_from(uint64_t start, uint64_t until) {
  order = malloc((size_t)options.clients * sizeof *order);
  for (int i = 0; i < options.clients; i++) {
    int j = (int)random_below((uint64_t)i + 1);
    order[i] = order[j];
    order[j] = (uint32_t)i;
  }
  pace_start = start;
  pace_until = until;
  plan_next();
}

// Latency counts from the moment a message was meant for, so a late generator hides nothing.
void send_due(void) {
  uint64_t now;
  while (due < pace_until && due <= (now = now_ns())) {
    Conn *sender = client(order[(due_count - 1) % (uint64_t)options.clients]);
    send_one(sender, due);
    flush(sender);
    if (is_measured(due)) add(&lateness, now - due);
    plan_next();
  }
}

static int by_value(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

static double micros(Samples *samples, double share) {
  if (!samples->count) return 0;
  size_t rank = (size_t)(share * (double)samples->count);
  return samples->values[rank < samples->count ? rank : samples->count - 1] / 1000.0;
}

void print_traffic(void) {
  uint64_t sent = 0, delivered = 0, acked = 0;
  for (int id = 0; id < options.clients; id++) {
    sent += client((uint32_t)id)->sent;
    delivered += client((uint32_t)id)->received;
    acked += client((uint32_t)id)->acked;
  }
  qsort(delivery.values, delivery.count, sizeof *delivery.values, by_value);
  qsort(lateness.values, lateness.count, sizeof *lateness.values, by_value);
  printf("\"sent\":%lu,\"delivered\":%lu,\"acknowledged\":%lu,\"peerAckFrames\":%lu,", sent,
         delivered, acked, confirm_frames);
  printf("\"samples\":%zu,\"p50\":%.1f,\"p99\":%.1f,\"p999\":%.1f,\"max\":%.1f,\"lateP99\":%.1f",
         delivery.count, micros(&delivery, 0.5), micros(&delivery, 0.99), micros(&delivery, 0.999),
         micros(&delivery, 1), micros(&lateness, 0.99));
}
