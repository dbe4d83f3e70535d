// Loads one server on loopback, for a bounded time, and prints what became of every message.
// One JSON object per line: open and close frame the measured window, result ends a good run.
#define _GNU_SOURCE
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "load.h"

Options options = {.mode = "saturated", .clients = 1000, .window = 4, .rate = 1000,
                   .seconds = 4, .warm_up = 1.5, .hold = 60};
const Dialect *dialect;

_Noreturn void fail(const char *format, ...) {
  va_list values;
  va_start(values, format);
  fputs("load generator: ", stderr);
  vfprintf(stderr, format, values);
  fputc('\n', stderr);
  va_end(values);
  exit(1);
}

uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static double cpu_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void say(const char *event) {
  printf("{\"event\":\"%s\"}\n", event);
  fflush(stdout);
}

static void run_until(uint64_t end, Step between) {
  for (uint64_t now; (now = now_ns()) < end;) turn((int)((end - now) / 1000000) + 1, between);
}

static uint64_t after(uint64_t start, double seconds) {
  return start + (uint64_t)(seconds * 1e9);
}

static void drain(void) {
  stop_traffic();
  for (uint64_t end = after(now_ns(), 10); !all_done();) {
    if (now_ns() > end) fail("messages were lost: not all of them are delivered and acknowledged");
    turn(100, NULL);
  }
}

static void measure_window(uint64_t from, uint64_t until, Step between) {
  run_until(from, between);
  say("open");
  uint64_t opened = now_ns(), done = done_total, frames = confirm_frames;
  double cpu = cpu_seconds();
  run_until(until, between);
  uint64_t closed = now_ns();
  double used = cpu_seconds() - cpu;
  done = done_total - done;
  frames = confirm_frames - frames;
  say("close");
  drain();
  printf("{\"event\":\"result\",\"done\":%lu,\"seconds\":%.6f,\"generatorCpu\":%.6f,", done,
         (double)(closed - opened) / 1e9, used);
  print_traffic();
  printf(",\"ackFramesPerMessage\":%.4f}\n", done ? (double)frames / (double)done : 0);
  fflush(stdout);
}

// What a relay gives once more to whoever has just come, it has given by then.
static void begin(void) {
  run_until(after(now_ns(), 0.2), NULL);
  saturate();
}

static void run_saturated(void) {
  begin();
  uint64_t from = after(now_ns(), options.warm_up);
  measure_window(from, after(from, options.seconds), NULL);
}

// Saturates first, so that the server runs compiled code, then settles into the pace.
static void run_paced(void) {
  begin();
  run_until(after(now_ns(), options.warm_up), NULL);
  drain();
  uint64_t start = after(now_ns(), 0.2), from = after(start, 0.5);
  uint64_t until = after(from, options.seconds);
  measure_between(from, until);
  pace_from(start, until);
  measure_window(from, until, send_due);
}

static void run_idle(void) {
  say("connected");
  run_until(after(now_ns(), options.hold), NULL);
}

static char **read_tokens(void) {
  char **tokens = calloc((size_t)options.clients, sizeof *tokens);
  for (int i = 0; i < options.clients; i++)
    if (scanf("%ms", &tokens[i]) != 1) fail("%d tokens expected, %d came", options.clients, i);
  return tokens;
}

const Dialect *find_dialect(const char *name) {
  static const Dialect *const all[] = {&raw_ws, &socket_io, &socket_io_no_ack, &frirum, &xmpp};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (strcmp(all[i]->name, name) == 0) return all[i];
  fail("no dialect is called %s", name);
}

static void read_options(int count, char **words) {
  static const struct option known[] = {
      {"dialect", 1, 0, 'd'}, {"mode", 1, 0, 'm'},   {"port", 1, 0, 'p'},   {"clients", 1, 0, 'c'},
      {"window", 1, 0, 'w'},  {"rate", 1, 0, 'r'},   {"seconds", 1, 0, 's'}, {"warm-up", 1, 0, 'u'},
      {"hold", 1, 0, 'h'},    {"cookie", 1, 0, 'k'}, {"other-port", 1, 0, 'o'}, {0, 0, 0, 0}};
  for (int option; (option = getopt_long(count, words, "", known, NULL)) != -1;) {
    if (option == 'd') dialect = find_dialect(optarg);
    else if (option == 'm') options.mode = optarg;
    else if (option == 'p') options.port = atoi(optarg);
    else if (option == 'c') options.clients = atoi(optarg);
    else if (option == 'w') options.window = atoi(optarg);
    else if (option == 'r') options.rate = atoi(optarg);
    else if (option == 's') options.seconds = atof(optarg);
    else if (option == 'u') options.warm_up = atof(optarg);
    else if (option == 'h') options.hold = atof(optarg);
    else if (option == 'k') options.cookie = optarg;
    else if (option == 'o') options.other_port = atoi(optarg);
    else fail("unknown option");
  }
  if (!dialect || !options.port) fail("--dialect and --port are needed");
}

int main(int count, char **words) {
  read_options(count, words);
  bool is_idle = strcmp(options.mode, "idle") == 0;
  bool is_paced = strcmp(options.mode, "paced") == 0;
  if (!is_idle && options.clients % 2) fail("conversations have two parties");
  // Ends by itself, whatever the server does.
  alarm((unsigned)(60 + options.warm_up + (is_idle ? options.hold : options.seconds + 11)));
  connect_all(dialect == &frirum && !is_idle ? read_tokens() : NULL);
  if (is_idle) run_idle();
  else if (is_paced) run_paced();
  else run_saturated();
}
