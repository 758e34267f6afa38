// LD_PRELOAD: the wall clock is off by the seconds that the file FAULT_CLOCK holds, read at each look, so that it jumps while a process runs.
// The monotonic clock is right, as it is when an administrator or NTP sets the time. Waits for a moment of the wall clock end when the
// shifted clock says so, as the kernel's do: a jump back makes them longer. (Debian's faketime leaves out futex, in which Abseil waits.)
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static long Shift(void) {
  const int error = errno;
  char text[24] = {0};
  const int file = open(getenv("FAULT_CLOCK"), O_RDONLY | O_CLOEXEC);
  const ssize_t size = file < 0 ? 0 : read(file, text, sizeof(text) - 1);
  if (file >= 0) {
    close(file);
  }
  errno = error;
  return size > 0 ? atol(text) : 0;
}

static int IsWall(clockid_t clock) { return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE; }

int clock_gettime(clockid_t clock, struct timespec* now) {
  const int result = (int)syscall(SYS_clock_gettime, clock, now);
  if (result == 0 && IsWall(clock)) {
    now->tv_sec += Shift();
  }
  return result;
}

int gettimeofday(struct timeval* restrict now, void* restrict zone) {
  struct timespec precise;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &precise);
  now->tv_sec = precise.tv_sec;
  now->tv_usec = precise.tv_nsec / 1000;
  return 0;
}

int timespec_get(struct timespec* now, int base) {
  return base == TIME_UTC && clock_gettime(CLOCK_REALTIME, now) == 0 ? base : 0;
}

time_t time(time_t* out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out != NULL) {
    *out = now.tv_sec;
  }
  return now.tv_sec;
}

static int IsPast(const struct timespec* moment) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec > moment->tv_sec || (now.tv_sec == moment->tv_sec && now.tv_nsec >= moment->tv_nsec);
}

// The moment by the right clock, or a tenth of a second from now: a waiter looks again, since the clock may jump while it waits.
static struct timespec Real(const struct timespec* moment) {
  struct timespec real = *moment;
  real.tv_sec -= Shift();
  struct timespec soon;
  syscall(SYS_clock_gettime, CLOCK_REALTIME, &soon);
  soon.tv_nsec += 100000000;
  soon.tv_sec += soon.tv_nsec / 1000000000;
  soon.tv_nsec %= 1000000000;
  const int later = real.tv_sec > soon.tv_sec || (real.tv_sec == soon.tv_sec && real.tv_nsec > soon.tv_nsec);
  return later ? soon : real;
}

int pthread_cond_timedwait(pthread_cond_t* restrict condition, pthread_mutex_t* restrict mutex, const struct timespec* restrict moment) {
  typedef int (*Wait)(pthread_cond_t*, pthread_mutex_t*, const struct timespec*);
  static Wait wait = NULL;
  if (wait == NULL) {
    wait = (Wait)dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
  }
  struct timespec monotonic;
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &monotonic);
  if (moment->tv_sec < monotonic.tv_sec + 365L * 86400) {
    return wait(condition, mutex, moment);  // of the monotonic clock
  }
  for (;;) {
    const struct timespec real = Real(moment);
    const int result = wait(condition, mutex, &real);
    if (result != ETIMEDOUT || IsPast(moment)) {
      return result;
    }
  }
}

int cnd_timedwait(cnd_t* restrict condition, mtx_t* restrict mutex, const struct timespec* restrict moment) {
  typedef int (*Wait)(cnd_t*, mtx_t*, const struct timespec*);
  static Wait wait = NULL;
  if (wait == NULL) {
    wait = (Wait)dlsym(RTLD_NEXT, "cnd_timedwait");
  }
  for (;;) {
    const struct timespec real = Real(moment);
    const int result = wait(condition, mutex, &real);
    if (result != thrd_timedout || IsPast(moment)) {
      return result;
    }
  }
}

long syscall(long number, ...) {
  typedef long (*Call)(long, ...);
  static Call call = NULL;
  if (call == NULL) {
    call = (Call)dlsym(RTLD_NEXT, "syscall");
  }
  va_list list;
  va_start(list, number);
  long a[6];
  for (int i = 0; i < 6; ++i) {
    a[i] = va_arg(list, long);
  }
  va_end(list);
  const struct timespec* moment = (const struct timespec*)a[3];
  if (number != SYS_futex || !(a[1] & FUTEX_CLOCK_REALTIME) || moment == NULL) {
    return call(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  }
  for (;;) {
    const struct timespec real = Real(moment);
    const long result = call(number, a[0], a[1], a[2], (long)&real, a[4], a[5]);
    if (result != -1 || errno != ETIMEDOUT || IsPast(moment)) {
      return result;
    }
  }
}
