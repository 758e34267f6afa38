// LD_PRELOAD: each fsync and fdatasync takes FAULT_FSYNC_MS more, and adds a byte to the file FAULT_FSYNC_COUNT.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int Slowly(const char* name, int fd) {
  const long ms = atol(getenv("FAULT_FSYNC_MS"));
  const struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
  nanosleep(&pause, NULL);
  const int count = open(getenv("FAULT_FSYNC_COUNT"), O_WRONLY | O_APPEND | O_CREAT, 0644);
  if (count < 0 || write(count, "s", 1) != 1) {
    abort();
  }
  close(count);
  return ((int (*)(int))dlsym(RTLD_NEXT, name))(fd);
}

int fsync(int fd) { return Slowly("fsync", fd); }
int fdatasync(int fd) { return Slowly("fdatasync", fd); }
