/*
 * A power cut for one process (LD_PRELOAD): before bytes of a watched file change, the old ones are noted
 * in POWER_CUT_NOTES; fsync forgets the notes of its file. After SIGKILL `put-back.ts` undoes what is noted,
 * and what is left is what a disk would have: everything that was synced, and nothing else.
 *
 * A note: u64 offset, u64 size of the file before, u64 length, and as many old bytes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* The notes of a watched file, or -1. The shared index of SQLite is memory and not watched. */
static int notes_of(int fd, int flags) {
  const char *folder = getenv("POWER_CUT_NOTES");
  char link[64], path[1024], notes[2048];
  if (!folder) return -1;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return -1;
  path[length] = 0;
  const char *name = strrchr(path, '/');
  if (!name || strstr(name, "-shm")) return -1;
  if (!strstr(name, ".sqlite") && !strstr(name, ".aof")) return -1;
  snprintf(notes, sizeof notes, "%s%s.notes", folder, name);
  return (int)syscall(SYS_openat, AT_FDCWD, notes, flags | O_CLOEXEC, 0600);
}

static void note(int fd, uint64_t offset, uint64_t length) {
  int notes = notes_of(fd, O_WRONLY | O_CREAT | O_APPEND);
  if (notes < 0) return;
  struct stat before;
  fstat(fd, &before);
  uint64_t size = (uint64_t)before.st_size;
  uint64_t old = offset >= size ? 0 : (offset + length > size ? size - offset : length);
  size_t total = 24 + (size_t)old;
  unsigned char *record = malloc(total);
  memcpy(record, &offset, 8);
  memcpy(record + 8, &size, 8);
  memcpy(record + 16, &old, 8);
  if (old > 0 && pread(fd, record + 24, (size_t)old, (off_t)offset) != (ssize_t)old) abort();
  if (syscall(SYS_write, notes, record, total) != (long)total) abort();
  free(record);
  syscall(SYS_close, notes);
}

static void forget(int fd) {
  int notes = notes_of(fd, O_WRONLY | O_TRUNC);
  if (notes >= 0) syscall(SYS_close, notes);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
  note(fd, (uint64_t)offset, length);
  return REAL(pwrite)(fd, bytes, length, offset);
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  note(fd, (uint64_t)offset, length);
  return REAL(pwrite64)(fd, bytes, length, offset);
}
ssize_t write(int fd, const void *bytes, size_t length) {
  off_t at = lseek(fd, 0, SEEK_CUR);
  struct stat before;
  /* What is appended goes to the end, wherever the descriptor stands. */
  if (at >= 0 && (fcntl(fd, F_GETFL) & O_APPEND) && fstat(fd, &before) == 0) at = before.st_size;
  if (at >= 0) note(fd, (uint64_t)at, length);
  return REAL(write)(fd, bytes, length);
}
static void note_cut(int fd, uint64_t length) {
  struct stat before;
  if (fstat(fd, &before) == 0 && (uint64_t)before.st_size > length)
    note(fd, length, (uint64_t)before.st_size - length);
  else
    note(fd, length, 0);
}
int ftruncate(int fd, off_t length) {
  note_cut(fd, (uint64_t)length);
  return REAL(ftruncate)(fd, length);
}
int ftruncate64(int fd, off64_t length) {
  note_cut(fd, (uint64_t)length);
  return REAL(ftruncate64)(fd, length);
}
int fsync(int fd) {
  int done = REAL(fsync)(fd);
  if (done == 0) forget(fd);
  return done;
}
int fdatasync(int fd) {
  int done = REAL(fdatasync)(fd);
  if (done == 0) forget(fd);
  return done;
}
